// What recording costs: one inline broker whose tap is switched between off, lifecycle and all, in many short rounds, while
// clients produce small records. CPU time a request says more than throughput on a machine that has other work.
//   node bench/trace.mjs [--rounds 60] [--ms 300] [--connections 8] [--queue 500] [--json FILE]
// With --queue 1 the request queue is full all the time: lifecycle events with many of the requests, which is the worst case.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { at, prepare, spread, startLoad } from './small-requests.mjs'

const built = name => import(new URL(`../dist/${name}.js`, import.meta.url).href)
/** `control` is off once more: what it differs by is the noise. */
const levels = ['off', 'control', 'lifecycle', 'all']

/** The broker's process: told a level, it answers with the CPU time that it has used and the entries it has made. */
async function serve() {
  const { Broker } = await built('actors/broker/broker')
  const { loadBrokerConfig } = await built('config/broker-config')
  const { tap } = await built('actors/runtime/tap')
  const directory = mkdtempSync(join(tmpdir(), 'odradek-bench-'))
  const overrides = {
    'odradek.placement': 'inline',
    'odradek.trace': 'off',
    'queued.max.requests': process.argv[2],
    'num.io.threads': process.argv[2] === '1' ? '1' : '8',
    listeners: 'PLAINTEXT://127.0.0.1:0',
    'log.dirs': directory,
    // So many that the day of the disk is not what is measured.
    'log.retention.bytes': '100000000'
  }
  const { config } = loadBrokerConfig({ overrides })
  const broker = new Broker({ config, sink: { level: 'fatal', write: () => {} } })
  await broker.started
  let release = () => {}
  process.on('message', async level => {
    if (level === 'stop') {
      broker.stop()
      await broker.closed
      rmSync(directory, { recursive: true, force: true })
      process.exit(0)
    }
    release()
    release = tap.want(level === 'control' ? 'off' : level)
    const { user, system } = process.cpuUsage()
    process.send({ cpuUs: user + system, entries: tap.entries })
  })
  process.send({ bootstrap: broker.bootstrapServers })
}

async function measure() {
  const { values: flags } = parseArgs({
    options: {
      rounds: { type: 'string', default: '60' },
      ms: { type: 'string', default: '300' },
      connections: { type: 'string', default: '8' },
      queue: { type: 'string', default: '500' },
      json: { type: 'string' }
    }
  })
  const child = fork(fileURLToPath(import.meta.url), [flags.queue])
  const ask = async level => {
    child.send(level)
    return (await once(child, 'message'))[0]
  }
  const [{ bootstrap }] = await once(child, 'message')
  const frame = await prepare(bootstrap)
  const load = await startLoad(bootstrap, frame, Number(flags.connections))
  const round = async (level, ms) => {
    const before = await ask(level)
    const done = load.done()
    const from = performance.now()
    await new Promise(resolve => setTimeout(resolve, ms))
    const requests = load.done() - done
    const seconds = (performance.now() - from) / 1000
    const after = await ask(level)
    return {
      perSecond: requests / seconds,
      cpuUs: (after.cpuUs - before.cpuUs) / requests,
      entries: (after.entries - before.entries) / requests
    }
  }
  for (let i = 0; i < 10; i++) for (const level of levels) await round(level, 200)
  const rounds = []
  for (let i = 0; i < Number(flags.rounds); i++) {
    const order = levels.map((_, at) => levels[(at + i) % levels.length])
    if (i % 2 === 1) order.reverse()
    const figures = {}
    for (const level of order) figures[level] = await round(level, Number(flags.ms))
    rounds.push(figures)
  }
  load.stop()
  child.send('stop')
  await once(child, 'exit')
  const report = summary(rounds)
  console.log(textOf(report))
  if (flags.json !== undefined) writeFileSync(flags.json, JSON.stringify(report, null, 2))
}

/** Medians; ratios of a round to `off` in the same round, with their quartiles and what 95 % of resampled medians lie in. */
function summary(rounds) {
  const ratio = (level, figure) =>
    spread(rounds.map(({ off, [level]: other }) => other[figure] / off[figure]))
  return Object.fromEntries(
    levels.map(level => [
      level,
      {
        perSecond: at(
          rounds.map(round => round[level].perSecond),
          0.5
        ),
        cpuUs: at(
          rounds.map(round => round[level].cpuUs),
          0.5
        ),
        entries: at(
          rounds.map(round => round[level].entries),
          0.5
        ),
        throughput: ratio(level, 'perSecond'),
        cpu: ratio(level, 'cpuUs')
      }
    ])
  )
}

function textOf(report) {
  const percent = value => `${((value - 1) * 100).toFixed(2)} %`
  const said = ({ median, quartiles, within }) =>
    `${percent(median)} (95 %: ${within.map(percent).join(' .. ')}; quartiles ${quartiles.map(percent).join(' .. ')})`
  return levels
    .map(level => {
      const { perSecond, cpuUs, entries, throughput, cpu } = report[level]
      const head = `${level}: ${Math.round(perSecond)} requests/s, ${cpuUs.toFixed(1)} us CPU and ${entries.toFixed(2)} entries a request`
      return level === 'off' ? head : `${head}\n  throughput ${said(throughput)}\n  CPU ${said(cpu)}`
    })
    .join('\n')
}

if (process.send === undefined) await measure()
else await serve()
