// npm run check -- [model]...: every state of the models, what is wrong, and the way there (--help says more).
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCheck } from './verify/check-command.js'
import { models } from './verify/models/index.js'

// A reader that has seen enough (head, less) is no failure.
process.stdout.on('error', () => process.exit(0))
process.exitCode = runCheck(process.argv.slice(2), {
  models,
  isTerminal: process.stderr.isTTY === true,
  print: text => process.stdout.write(text),
  tell: text => process.stderr.write(text),
  writePage: (folder, file, text) => {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, file), text)
  }
})
