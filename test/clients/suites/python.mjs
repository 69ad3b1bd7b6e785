// Python: confluent-kafka (librdkafka, newer than kcat's) and kafka-python (a client written from scratch).
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mustRun } from '../processes.mjs'
import { lines, must } from '../records.mjs'

const programs = join(dirname(fileURLToPath(import.meta.url)), '..', 'python')

/** The program prints `ok <check>` or `failed <check>: <reason>` for each thing that it tries. */
function suite(name, program, titles) {
  return {
    name,
    needs: [name],
    async run({ bootstrap, tools, check }) {
      let said = []
      await check('the program runs to its end', async () => {
        said = lines(
          await mustRun(tools[name].command, [join(programs, program), bootstrap], { timeoutMs: 90_000 })
        )
      })
      for (const title of titles) {
        await check(title, async () => {
          const line = said.find(text => text === `ok ${title}` || text.startsWith(`failed ${title}: `))
          must(line?.startsWith('ok '), line ?? 'it was not reached')
        })
      }
    }
  }
}

export const confluentKafka = suite('confluent-kafka', 'confluent.py', [
  'admin creates a topic',
  'none: an idempotent producer is read back',
  'gzip: an idempotent producer is read back',
  'snappy: an idempotent producer is read back',
  'lz4: an idempotent producer is read back',
  'zstd: an idempotent producer is read back',
  'offsets for times',
  'watermarks',
  'admin deletes a topic'
])

export const kafkaPython = suite('kafka-python', 'pure.py', [
  'admin creates a topic',
  'none: a producer is read back',
  'gzip: a producer is read back',
  'offsets for times',
  'admin deletes a topic'
])
