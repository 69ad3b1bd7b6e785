// npm run check -- [model]...: every state of the models, what is wrong, and the way there (--help says more).
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, freemem } from 'node:os'
import { join } from 'node:path'
import { errorMessage } from './errors.js'
import { runCheck } from './verify/check-command.js'
import { checkOnThread } from './verify/check-worker.js'
import { models } from './verify/models/index.js'

// A reader that has seen enough (head, less) is no failure.
process.stdout.on('error', () => process.exit(0))

/** A large model takes a few GB; two at once only where both find them. */
const freeMb = freemem() / 2 ** 20
const jobs = Math.max(1, Math.min(availableParallelism(), Math.floor(freeMb / 6000)))
const heapMb = Math.max(2048, Math.floor((freeMb * 0.9) / jobs))

runCheck(process.argv.slice(2), {
  models,
  jobs,
  run: (job, onProgress) => checkOnThread(job, heapMb, onProgress),
  isTerminal: process.stderr.isTTY === true,
  print: text => process.stdout.write(text),
  tell: text => process.stderr.write(text),
  writePage: (folder, file, text) => {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, file), text)
  }
}).then(
  code => {
    process.exitCode = code
  },
  error => {
    process.stderr.write(`check: ${errorMessage(error)}\n`)
    process.exitCode = 1
  }
)
