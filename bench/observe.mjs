// What it costs that everything can be looked at: brokers that differ in who looks, one loaded after the other in many short
// rounds with small records. CPU time a request says more than throughput on a machine that has other work.
//   node bench/observe.mjs [--rounds 40] [--ms 300] [--connections 8] [--base DIST] [--json FILE]
// `--base`: the dist folder of another build of Odradek to compare with, for instance one of an earlier commit.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { at, prepare, spread, startLoad } from './small-requests.mjs'

/** `looked`: a page and a scraper ask once a second each while it is loaded. `control` differs from `off` by the noise. */
const kinds = ['off', 'control', 'listening', 'looked']

/** A broker's process: asked for anything, it answers with the CPU time that it has used. */
async function serve([, , dist, listener]) {
  const { startBroker } = await import(pathToFileURL(join(dist, 'index.js')).href)
  const directory = mkdtempSync(join(tmpdir(), 'odradek-bench-'))
  const overrides = { 'log.dirs': directory, 'log.retention.bytes': '100000000' }
  if (listener !== '') overrides['inspector.listener'] = listener
  const broker = await startBroker({ overrides })
  process.on('message', async what => {
    if (what !== 'stop') {
      const { user, system } = process.cpuUsage()
      process.send({ cpuUs: user + system })
      return
    }
    await broker.close()
    rmSync(directory, { recursive: true, force: true })
    process.exit(0)
  })
  process.send({ bootstrap: broker.bootstrapServers, inspector: broker.inspector })
}

async function start(dist, listener) {
  const child = fork(fileURLToPath(import.meta.url), [dist, listener], { cwd: tmpdir() })
  const [{ bootstrap, inspector }] = await once(child, 'message')
  const cpuUs = async () => {
    child.send('cpu')
    return (await once(child, 'message'))[0].cpuUs
  }
  const stop = () => {
    child.send('stop')
    return once(child, 'exit')
  }
  return { bootstrap, inspector, cpuUs, stop, frame: await prepare(bootstrap) }
}

async function round(broker, { ms, connections, isLooked }) {
  const load = await startLoad(broker.bootstrap, broker.frame, connections)
  let looking
  const look = () => {
    for (const path of ['metrics', 'api/snapshot'])
      fetch(`${broker.inspector}${path}`).then(
        answer => answer.arrayBuffer(),
        () => {}
      )
  }
  await new Promise(settle => setTimeout(settle, 50))
  const [cpuUs, done, from] = [await broker.cpuUs(), load.done(), performance.now()]
  if (isLooked) {
    look()
    looking = setInterval(look, 1000)
  }
  await new Promise(settle => setTimeout(settle, ms))
  const requests = load.done() - done
  const seconds = (performance.now() - from) / 1000
  const used = (await broker.cpuUs()) - cpuUs
  clearInterval(looking)
  load.stop()
  return { perSecond: requests / seconds, cpuUs: used / requests }
}

async function measure() {
  const { values: flags } = parseArgs({
    options: {
      rounds: { type: 'string', default: '40' },
      ms: { type: 'string', default: '1000' },
      connections: { type: 'string', default: '8' },
      base: { type: 'string' },
      json: { type: 'string' }
    }
  })
  const dist = fileURLToPath(new URL('../dist', import.meta.url))
  const any = 'http://127.0.0.1:0'
  const brokers = {
    off: await start(flags.base === undefined ? dist : resolve(flags.base), ''),
    control: await start(flags.base === undefined ? dist : resolve(flags.base), ''),
    listening: await start(dist, any),
    looked: await start(dist, any)
  }
  const options = { ms: Number(flags.ms), connections: Number(flags.connections) }
  for (let i = 0; i < 5; i++) for (const kind of kinds) await round(brokers[kind], { ...options, ms: 300 })
  const rounds = []
  for (let i = 0; i < Number(flags.rounds); i++) {
    const order = kinds.map((_, place) => kinds[(place + i) % kinds.length])
    if (i % 2 === 1) order.reverse()
    const figures = {}
    for (const kind of order)
      figures[kind] = await round(brokers[kind], { ...options, isLooked: kind === 'looked' })
    rounds.push(figures)
  }
  for (const broker of Object.values(brokers)) await broker.stop()
  const report = Object.fromEntries(kinds.map(kind => [kind, summary(rounds, kind)]))
  for (const kind of kinds) console.log(textOf(kind, report[kind]))
  if (flags.json !== undefined) writeFileSync(flags.json, JSON.stringify(report, null, 2))
}

function summary(rounds, kind) {
  const median = figure =>
    at(
      rounds.map(each => each[kind][figure]),
      0.5
    )
  const ratio = figure => spread(rounds.map(({ off, [kind]: other }) => other[figure] / off[figure]))
  return {
    perSecond: median('perSecond'),
    cpuUs: median('cpuUs'),
    throughput: ratio('perSecond'),
    cpu: ratio('cpuUs')
  }
}

function textOf(kind, { perSecond, cpuUs, throughput, cpu }) {
  const percent = value => `${((value - 1) * 100).toFixed(2)} %`
  const said = ({ median, within }) => `${percent(median)} (95 %: ${within.map(percent).join(' .. ')})`
  const head = `${kind}: ${Math.round(perSecond)} requests/s, ${cpuUs.toFixed(1)} us CPU a request`
  return kind === 'off' ? head : `${head}\n  throughput ${said(throughput)}\n  CPU ${said(cpu)}`
}

if (process.send === undefined) await measure()
else await serve(process.argv)
