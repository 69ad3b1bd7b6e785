// npm run bench: Odradek and Apache Kafka 3.9 one after the other, alternating rounds, figures as ratios of one run.
//   npm run bench -- [--rounds 3] [--libs DIR with Kafka's jars] [--quick] [--only odradek]
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { cpuSeconds, rssMegabytes, startKafka, startOdradek } from './brokers.mjs'
import { resolveLibs } from './kafka-libs.mjs'
import { compilePrograms, consume, createTopic, produce } from './load.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const cache = join(root, '.cache', 'bench')
const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    libs: { type: 'string' },
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    json: { type: 'string' },
    override: { type: 'string', multiple: true, default: [] }
  }
})

const libs = resolveLibs(flags.libs, cache)
const classes = compilePrograms(libs, root, cache)
const overrides = Object.fromEntries(flags.override.map(text => text.split(/=(.*)/s).slice(0, 2)))
const scale = flags.quick ? 0.25 : 1
const start = {
  odradek: port => startOdradek({ port, root, overrides }),
  kafka: port => startKafka({ port, libs })
}
const names = flags.only === undefined ? ['kafka', 'odradek'] : [flags.only]
let nextPort = 21_000 + (process.pid % 2000) * 4
const port = () => {
  nextPort += 4
  return nextPort
}
const figures = {}
function note(broker, figure, value) {
  figures[figure] ??= {}
  figures[figure][broker] ??= []
  figures[figure][broker].push(value)
  console.log(`  ${broker.padEnd(8)} ${figure}: ${value.toFixed(2)}`)
}

async function measured(broker, label, topic, load) {
  const cpu = cpuSeconds(broker.pid)
  const result = await produce(libs, broker.port, topic, load)
  const gigabytes = (load.records * load.size) / 2 ** 30
  note(broker.name, `${label} MB/s`, result.mbPerSecond)
  note(broker.name, `${label} CPU-s/GB`, (cpuSeconds(broker.pid) - cpu) / gigabytes)
}

const sizes = [
  { size: 100, records: Math.round(4_000_000 * scale) },
  { size: 1000, records: Math.round(800_000 * scale) }
]

/** One broker, just started: cold rounds on fresh topics, then hot ones after 6M records more. */
async function round(name) {
  for (const partitions of [1, 6]) {
    for (const { size, records } of sizes) {
      const broker = await start[name](port())
      note(name, 'time to ready ms', broker.readyMs)
      if (partitions === 6 && size === 100) note(name, 'RSS idle MB', rssMegabytes(broker.pid))
      await createTopic(libs, broker.port, 'cold', partitions)
      await measured(broker, `cold ${partitions}p ${size} B`, 'cold', { records, size })
      if (partitions === 6 && size === 1000) await hot(name, broker)
      await broker.stop()
    }
  }
}

async function hot(name, broker) {
  await createTopic(libs, broker.port, 'warm', 6)
  await produce(libs, broker.port, 'warm', { records: Math.round(6_000_000 * scale), size: 100 })
  for (const { size, records } of sizes) {
    for (const partitions of [1, 6]) {
      const topic = `hot-${size}-${partitions}`
      await createTopic(libs, broker.port, topic, partitions)
      await measured(broker, `hot ${partitions}p ${size} B`, topic, { records, size })
      // Several partitions of different lengths say little about a broker: bench/consume.mjs reads from even ones.
      if (partitions > 1) continue
      const cpu = cpuSeconds(broker.pid)
      note(name, `consume ${partitions}p ${size} B MB/s`, await consume(libs, broker.port, topic, classes))
      note(
        name,
        `consume ${partitions}p ${size} B CPU-s/GB`,
        (cpuSeconds(broker.pid) - cpu) / ((records * size) / 2 ** 30)
      )
    }
  }
  for (const throughput of [1000, 20_000]) {
    const topic = `latency-${throughput}`
    await createTopic(libs, broker.port, topic, 6)
    const records = Math.max(throughput * (flags.quick ? 5 : 15), 5000)
    const result = await produce(libs, broker.port, topic, {
      records,
      size: 100,
      throughput,
      props: ['linger.ms=0']
    })
    note(name, `latency ${throughput}/s p50 ms`, result.p50)
    note(name, `latency ${throughput}/s p99 ms`, result.p99)
  }
  note(name, 'RSS loaded MB', rssMegabytes(broker.pid))
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

for (let index = 0; index < Number(flags.rounds); index++) {
  for (const name of index % 2 === 0 ? names : [...names].reverse()) {
    console.log(`round ${index + 1}, ${name}`)
    await round(name)
  }
}
console.log('\n| figure (medians) | odradek | kafka | ratio |\n|---|---|---|---|')
for (const [figure, of] of Object.entries(figures)) {
  const [ours, theirs] = [median(of.odradek ?? []), median(of.kafka ?? [])]
  console.log(`| ${figure} | ${ours.toFixed(2)} | ${theirs.toFixed(2)} | ${(ours / theirs).toFixed(2)} |`)
}
if (flags.json !== undefined) writeFileSync(flags.json, JSON.stringify(figures, null, 2))
