// Loads with clients that we did not write: Kafka's ProducerPerformance and a small consumer with assigned partitions.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const quiet = ['-Xms512m', '-Xmx512m', '-Dorg.slf4j.simpleLogger.defaultLogLevel=error']

function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let err = ''
    child.stdout.on('data', chunk => {
      out += chunk
    })
    child.stderr.on('data', chunk => {
      err = (err + chunk).slice(-4000)
    })
    child.on('error', reject)
    child.on('exit', code =>
      code === 0 ? resolve(out) : reject(new Error(`${command} ${code}: ${out.slice(-500)} ${err}`))
    )
  })
}

export async function createTopic(libs, port, topic, partitions) {
  await run('java', [
    ...quiet,
    '-cp',
    `${libs}/*`,
    'org.apache.kafka.tools.TopicCommand',
    '--bootstrap-server',
    `127.0.0.1:${port}`,
    '--create',
    '--topic',
    topic,
    '--partitions',
    String(partitions)
  ])
}

/**
 * Returns {mbPerSecond, p50, p99, records} of one ProducerPerformance run with idempotence off (acks=1). `evenly`: the folder
 * of our programs; with it every partition gets as many records, without it Kafka chooses.
 */
export async function produce(libs, port, topic, { records, size, throughput = -1, props = [], evenly }) {
  const out = await run('java', [
    ...quiet,
    '-cp',
    evenly === undefined ? `${libs}/*` : `${evenly}:${libs}/*`,
    'org.apache.kafka.tools.ProducerPerformance',
    '--topic',
    topic,
    '--num-records',
    String(records),
    '--record-size',
    String(size),
    '--throughput',
    String(throughput),
    '--producer-props',
    `bootstrap.servers=127.0.0.1:${port}`,
    'acks=1',
    'enable.idempotence=false',
    'batch.size=65536',
    'linger.ms=5',
    ...(evenly === undefined ? [] : ['partitioner.class=EvenPartitioner']),
    ...props
  ])
  const last = out.trim().split('\n').at(-1) ?? ''
  const found =
    /^(\d+) records sent, [\d.]+ records\/sec \(([\d.]+) MB\/sec\).*?(\d+) ms 50th.*?(\d+) ms 99th/.exec(last)
  if (found === null) throw new Error(`ProducerPerformance said: ${last}`)
  return {
    records: Number(found[1]),
    mbPerSecond: Number(found[2]),
    p50: Number(found[3]),
    p99: Number(found[4])
  }
}

/** `records`: as many are read; all if it is not given. */
export async function consume(libs, port, topic, classes, records) {
  const out = await run('java', [
    ...quiet,
    '-cp',
    `${classes}:${libs}/*`,
    'AssignedConsumer',
    `127.0.0.1:${port}`,
    topic,
    ...(records === undefined ? [] : [String(records)])
  ])
  return Number(/([\d.]+) MB\/s/.exec(out)[1])
}

const timeOf = path => (existsSync(path) ? statSync(path).mtimeMs : 0)

/** The folder with the classes of our programs. */
export function compilePrograms(libs, root, cache) {
  const classes = join(cache, 'classes')
  mkdirSync(classes, { recursive: true })
  const stale = ['AssignedConsumer', 'EvenPartitioner'].filter(
    name => timeOf(join(classes, `${name}.class`)) < timeOf(join(root, 'bench', 'java', `${name}.java`))
  )
  if (stale.length > 0) {
    const sources = stale.map(name => join(root, 'bench', 'java', `${name}.java`))
    const javac = spawnSync('javac', ['-cp', `${libs}/*`, '-d', classes, ...sources])
    if (javac.status !== 0) throw new Error(String(javac.stderr))
  }
  return classes
}

/** MB/s of Kafka's ConsumerPerformance in a group of its own, without the time that joining took. */
export async function consumeInGroup(libs, port, topic, records) {
  const out = await run('java', [
    ...quiet,
    '-cp',
    `${libs}/*`,
    'org.apache.kafka.tools.ConsumerPerformance',
    '--bootstrap-server',
    `127.0.0.1:${port}`,
    '--topic',
    topic,
    '--messages',
    String(records),
    '--group',
    `consumed-${process.pid}-${Math.random()}`,
    '--timeout',
    '60000',
    '--hide-header'
  ])
  // start, end, MB, MB/s, records, records/s, rebalance ms, fetch ms, MB/s of fetching, records/s of fetching
  const fields = out.trim().split('\n').at(-1).split(', ')
  return Number(fields[8])
}
