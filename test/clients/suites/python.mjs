// Python: confluent-kafka (librdkafka, newer than kcat's), kafka-python and aiokafka (clients written from scratch), each as a
// producer, consumer and admin, and in groups of three members.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { reportProgram } from '../programs.mjs'
import { swiftGroups } from './java-groups.mjs'

const programs = join(dirname(fileURLToPath(import.meta.url)), '..', 'python')

const suite = (tool, name, program, what, more) => ({
  name,
  client: tool,
  what,
  needs: [tool],
  ...more,
  async run({ bootstrap, tools, check }) {
    const words = [join(programs, program), bootstrap]
    await reportProgram(check, tools[tool].command, words, { timeoutMs: 200_000 })
  }
})

const groups = { once: true, overrides: swiftGroups }
const basics = 'producer, assigned consumer, admin'

export const python = [
  suite('confluent-kafka', 'confluent-kafka', 'confluent.py', basics),
  suite('kafka-python', 'kafka-python', 'pure.py', basics),
  suite(
    'confluent-kafka',
    'confluent-kafka-groups',
    'confluent_groups.py',
    'consumers in groups, both protocols',
    groups
  ),
  suite('kafka-python', 'kafka-python-groups', 'pure_groups.py', 'consumers in groups', groups),
  suite('aiokafka', 'aiokafka', 'aio.py', 'producer, consumers in groups', groups)
]
