// Consuming beside Apache Kafka 3.9: all brokers run, each has the same records, and Kafka's own consumer reads them from
// one after the other in short rounds. CPU seconds are the broker's; on a machine with other work they say more than MB/s.
//   node bench/consume.mjs [--rounds 5] [--size 1000] [--megabytes 600] [--partitions 6] [--base TREE] [--performance] [--uneven]
// `--base`: the folder of another build of Odradek to compare with. `--performance`: Kafka's ConsumerPerformance, in a group.
// Every partition has as many records as the others, and a twentieth more than is read: a consumer that has come to the end of
// one partition waits fetch.max.wait.ms whenever it asks for that one alone, and reads no other meanwhile. With `--uneven` the
// producer spreads the records as it likes and all are read: rounds then differ by where the ends happen to lie.
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { cpuSeconds, firstPort, rssMegabytes, startKafka, startOdradek } from './brokers.mjs'
import { resolveLibs } from './kafka-libs.mjs'
import { compilePrograms, consume, consumeInGroup, createTopic, produce } from './load.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const cache = join(root, '.cache', 'bench')
const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    size: { type: 'string', default: '1000' },
    megabytes: { type: 'string', default: '600' },
    partitions: { type: 'string', default: '6' },
    base: { type: 'string' },
    libs: { type: 'string' },
    only: { type: 'string' },
    performance: { type: 'boolean', default: false },
    uneven: { type: 'boolean', default: false },
    override: { type: 'string', multiple: true, default: [] }
  }
})
const libs = resolveLibs(flags.libs, cache)
const classes = compilePrograms(libs, root, cache)
const overrides = Object.fromEntries(flags.override.map(text => text.split(/=(.*)/s).slice(0, 2)))
const size = Number(flags.size)
const records = Math.round((Number(flags.megabytes) * 2 ** 20) / size)
const gigabytes = (records * size) / 2 ** 30

const starts = {
  kafka: port => startKafka({ port, libs }),
  odradek: port => startOdradek({ port, root, overrides }),
  ...(flags.base === undefined
    ? {}
    : { base: port => startOdradek({ port, root: resolve(flags.base), overrides }) })
}
const names = flags.only === undefined ? Object.keys(starts) : flags.only.split(',')
const brokers = []
const figures = {}

function note(figure, name, value) {
  figures[figure] ??= {}
  figures[figure][name] ??= []
  figures[figure][name].push(value)
}

async function round(name, broker) {
  const cpu = cpuSeconds(broker.pid)
  const rate = flags.performance
    ? await consumeInGroup(libs, broker.port, 'consumed', records)
    : await consume(libs, broker.port, 'consumed', classes, records)
  note('MB/s', name, rate)
  note('CPU-s/GB', name, (cpuSeconds(broker.pid) - cpu) / gigabytes)
  note('RSS MB', name, rssMegabytes(broker.pid))
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

try {
  for (const [index, name] of names.entries()) {
    const broker = await starts[name](firstPort + index * 2)
    brokers.push([name, broker])
    await createTopic(libs, broker.port, 'consumed', Number(flags.partitions))
    await produce(libs, broker.port, 'consumed', {
      size,
      ...(flags.uneven ? { records } : { records: Math.ceil(records * 1.05), evenly: classes })
    })
  }
  // The first reading of each warms it up.
  for (const [name, broker] of brokers) await round(name, broker)
  for (const figure of Object.keys(figures)) figures[figure] = {}
  for (let index = 0; index < Number(flags.rounds); index++) {
    for (const [name, broker] of index % 2 === 0 ? brokers : [...brokers].reverse()) await round(name, broker)
    const newest = (figure, name, digits) => figures[figure][name].at(-1).toFixed(digits)
    const told = brokers.map(
      ([name]) => `${name} ${newest('MB/s', name, 0)} MB/s, ${newest('CPU-s/GB', name, 2)} CPU-s/GB`
    )
    console.log(told.join('; '))
  }
} finally {
  for (const [, broker] of brokers) await broker.stop()
}
const heads = names.map(name => (name === 'kafka' ? name : `${name} | ratio to kafka`))
console.log(`\n| ${flags.partitions} partitions, ${size} B, medians | ${heads.join(' | ')} |`)
console.log(`|${'---|'.repeat(1 + heads.join('|').split('|').length)}`)
for (const [figure, of] of Object.entries(figures)) {
  const theirs = median(of.kafka ?? [])
  const cells = names.map(name => {
    const ours = median(of[name])
    return name === 'kafka' ? ours.toFixed(2) : `${ours.toFixed(2)} | ${(ours / theirs).toFixed(2)}`
  })
  console.log(`| ${figure} | ${cells.join(' | ')} |`)
}
