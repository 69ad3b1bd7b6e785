// Goal: docs/configuration.md says what the tables say. Method: the page is written here from the tables and compared;
// `npx vitest run test/config/documentation.test.ts --update` writes it anew.
import { expect, test } from 'vitest'
import { standaloneDefaults } from '../../src/config/broker-config.js'
import type { Definition, Support } from '../../src/config/definition.js'
import { groupDefinitions } from '../../src/config/definitions/group-overrides.js'
import { topicDefinitions } from '../../src/config/definitions/topic-overrides.js'
import { brokerDefinitions } from '../../src/config/definitions.js'
import { printValue } from '../../src/config/values.js'

type Row = readonly [name: string, definition: Definition]

const ours = (name: string) =>
  ['log.flush.acks', 'inspector.listener'].includes(name) || name.startsWith('odradek.')
const brokerRows: readonly Row[] = Object.entries(brokerDefinitions).sort(([a], [b]) => (a < b ? -1 : 1))
const groupRows: readonly Row[] = Object.entries(groupDefinitions)
const topicRows: readonly Row[] = Object.entries(topicDefinitions)

const cell = (text: string) => text.replaceAll('|', '\\|')

function accepted({ oneOf, min, max, also }: Definition): string {
  if (oneOf !== undefined) return oneOf.join(', ')
  const range = [min === undefined ? '' : `≥ ${min}`, max === undefined ? '' : `≤ ${max}`].filter(
    text => text !== ''
  )
  return [range.join(' and '), ...(also ?? [])].filter(text => text !== '').join(' or ')
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(([name, definition]) => {
    const { type, fallback, update = 'read-only', doc = '' } = definition
    const shown = printValue(type, fallback)
    const value = shown === null ? '' : `\`${shown}\``
    return `| \`${name}\` | ${type} | ${cell(value)} | ${cell(accepted(definition))} | ${update} | ${cell(doc)} |`
  })
  const head = ['| property | type | default | accepted | update | meaning |', '|---|---|---|---|---|---|']
  return [...head, ...lines].join('\n')
}

const withSupport = (rows: readonly Row[], support: Support) =>
  rows.filter(([, row]) => row.support === support)
const names = (rows: readonly Row[]) => rows.map(([name]) => `\`${name}\``).join(', ')

const page = `# Configuration

Generated from \`src/config/definitions/\`. Names, types, defaults and ranges are Kafka 3.9's. "update" is when a property may
change: only by a start (read-only), or while the broker runs, for all brokers (cluster-wide; for one of them as well).

- What is set while the broker runs (\`kafka-configs.sh --alter\`, AlterConfigs, IncrementalAlterConfigs) is checked like the
  file, kept in the metadata tree, in force on every thread before it is answered, and again after a start. For one broker it
  goes before what is set for all, and that before the file.
- \`num.io.threads\`, \`num.network.threads\` and other numbers of threads may be halved or doubled at once, no more. A
  Processor that goes closes its connections, a second later.
- \`listeners\`, \`advertised.listeners\` and \`listener.security.protocol.map\`, which Kafka lets change, are read-only here.
  What is below Recognised and dynamic in Kafka may be changed, which has as little effect as in the file.
- A file of properties comes first on the command line; \`--override key=value\` wins over it.
- An invalid value ends the start with one line: file, key, reason. An unknown property is warned about.
- **Without a file** these differ from Kafka's defaults on purpose, so that nothing is open to the network and nothing is
  written outside the current directory: ${Object.entries(standaloneDefaults)
    .map(([name, value]) => `\`${name}=${value}\``)
    .join(', ')}.
- The finer unit wins (\`log.roll.ms\` over \`log.roll.hours\`, and so on), \`log.dirs\` over \`log.dir\`;
  \`broker.id\` and \`node.id\` are one number.
- \`listener.name.<name in lower case>.\` before \`num.network.threads\`, \`max.connections\` or
  \`max.connection.creation.rate\` gives a listener its own value.
- Files made for ZooKeeper or KRaft clusters start a broker of its own with a warning: it joins no cluster, and the
  listeners of a KRaft controller are left out.

## Ours

${table(brokerRows.filter(([name]) => ours(name)))}

## Honoured

${table(withSupport(brokerRows, 'honoured').filter(([name]) => !ours(name)))}

### Topics

${table(withSupport(topicRows, 'honoured'))}

### Groups

Of single consumer groups of the new protocol (\`--entity-type groups\`), in place of the broker's \`group.consumer.*\` and within
its bounds; as in Kafka 4.0.

${table(groupRows)}

## Recognised, not honoured yet

Their values are checked, described to clients and named in one line of the start-up log; they have no effect yet.

${names(withSupport(brokerRows, 'recognised'))}

### Topics

${names(withSupport(topicRows, 'recognised'))}

## Refused

They protect, and cannot be honoured yet: setting one ends the start with a line that names it, and so does a listener
whose security protocol is not PLAINTEXT. So do \`super.users\`, \`allow.everyone.if.no.acl.found\`, \`config.providers\`, and
other names that begin with \`ssl.\`, \`sasl.\`, \`authorizer.\`, \`delegation.token.\` or \`password.encoder.\`. Texts that ask for
no protection are accepted, for instance \`security.inter.broker.protocol=PLAINTEXT\`.

${names(withSupport(brokerRows, 'protects'))}
`

test('the page on configuration is what the tables say', async () => {
  await expect(page).toMatchFileSnapshot('../../docs/configuration.md')
})
