// npm run golden -- DIR: checks a folder of golden vectors and ends with the line 'N passed, N failed'.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkMessageVector, type MessageVector, parseExact } from './protocol/golden-vectors.js'
import { checkControlRecordVector, checkRecordBatchVector } from './protocol/records/golden-vectors.js'

type Check = (vector: never) => string | undefined | Promise<string | undefined>

function checkFor(file: string): Check {
  if (file === 'record-batches.jsonl') return checkRecordBatchVector
  if (file === 'EndTxnMarker.jsonl' || file === 'ControlRecordKey.jsonl') return checkControlRecordVector
  return checkMessageVector
}

async function run(directory: string): Promise<number> {
  let passed = 0
  let failed = 0
  for (const file of readdirSync(directory).filter(name => name.endsWith('.jsonl'))) {
    const check = checkFor(file)
    const lines = readFileSync(join(directory, file), 'utf8').split('\n')
    for (const [index, line] of lines.entries()) {
      if (line.trim() === '') continue
      const problem = await check(parseExact(line) as never)
      if (problem === undefined) passed++
      else {
        failed++
        if (failed <= 20) console.log(`${file}:${index + 1}: ${problem.slice(0, 400)}`)
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
} else process.exitCode = await run(directory)

export type { MessageVector }
