// npm run golden -- DIR: checks a folder of golden vectors and ends with the line 'N passed, N failed'.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorMessage } from './errors.js'
import { checkGoldenLine } from './protocol/golden-line.js'

const shownMax = 20

async function run(directory: string): Promise<number> {
  let passed = 0
  let failed = 0
  for (const file of readdirSync(directory).filter(name => name.endsWith('.jsonl'))) {
    const lines = readFileSync(join(directory, file), 'utf8').split('\n')
    for (const [index, line] of lines.entries()) {
      if (line.trim() === '') continue
      const problem = await checkGoldenLine(file, line)
      if (problem === undefined) passed++
      else {
        failed++
        if (failed <= shownMax) console.log(`${file}:${index + 1}: ${problem.slice(0, 400)}`)
      }
    }
  }
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0 && passed > 0 ? 0 : 1
}

const directory = process.argv[2]
if (directory === undefined) {
  console.log('usage: npm run golden -- DIR')
  process.exitCode = 1
} else {
  process.exitCode = await run(directory).catch((error: unknown) => {
    console.log(`cannot read ${directory}: ${errorMessage(error)}`)
    return 1
  })
}
