// One line of a file of golden vectors: which check it gets follows from the file's name. A line that cannot be read is a
// failed vector, never the end of the run.
import { errorMessage } from '../errors.js'
import { checkMessageVector, parseExact } from './golden-vectors.js'
import { checkControlRecordVector, checkRecordBatchVector } from './records/golden-vectors.js'

type Check = (vector: never) => string | undefined | Promise<string | undefined>

function checkFor(file: string): Check {
  if (file === 'record-batches.jsonl') return checkRecordBatchVector
  if (file === 'EndTxnMarker.jsonl' || file === 'ControlRecordKey.jsonl') return checkControlRecordVector
  return checkMessageVector
}

/** `undefined` when the vector holds, else what does not. */
export async function checkGoldenLine(file: string, line: string): Promise<string | undefined> {
  try {
    return await checkFor(file)(parseExact(line) as never)
  } catch (error) {
    return `no vector: ${errorMessage(error)}`
  }
}
