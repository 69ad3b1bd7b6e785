// npm run test:clients: real clients against npm run broker, each suite with a broker and a directory of its own.
//   npm run test:clients -- [--only kcat,kafkajs] [--placements perCore,inline] [--bootstrap host:port] [--table]
// The last line counts: 'clients: ran N, skipped M (names)'. With --bootstrap the broker is one that runs already; with
// --table the results go into docs/compatibility.md. Suites that say `once` run on the first placement only.
import { parseArgs } from 'node:util'
import { startBroker } from '../test/clients/broker.mjs'
import { killAll } from '../test/clients/processes.mjs'
import { Results, writeResults } from '../test/clients/results.mjs'
import { suites } from '../test/clients/suites/index.mjs'
import { findTools } from '../test/clients/tools.mjs'

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string' },
    placements: { type: 'string', default: 'perCore,networkOnMain,inline' },
    bootstrap: { type: 'string' },
    table: { type: 'boolean', default: false }
  }
})

const placements = flags.bootstrap === undefined ? flags.placements.split(',') : ['running']
const names = flags.only?.split(',')
const unknown = names?.filter(name => !suites.some(suite => suite.name === name)) ?? []
if (unknown.length > 0) {
  console.error(
    `clients: no suite is called ${unknown.join(', ')}; there are ${suites.map(({ name }) => name).join(', ')}`
  )
  process.exit(1)
}
const chosen = suites.filter(({ name }) => names?.includes(name) ?? true)
const results = new Results()
let failures = 0

process.on('exit', killAll)
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))

/** Runs each check although an earlier one failed, so that one run shows all. A suite may know outcomes itself, too. */
function checker(suite, label) {
  const passed = (title, took = '') => {
    results.add(suite, title, { status: 'passed' })
    if (process.env.CLIENTS_VERBOSE) console.log(`clients: ${label}: ${title}${took}`)
  }
  const failed = (title, reason = 'no reason given') => {
    failures++
    results.add(suite, title, { status: 'failed', reason })
    console.log(`clients: ${label}: FAILED: ${title}\n${indented(reason)}`)
  }
  const skipped = (title, reason) => {
    results.add(suite, title, { status: 'skipped', reason })
    console.log(`clients: ${label}: skipped: ${title}: ${reason}`)
  }
  const check = async (title, run) => {
    const startMs = performance.now()
    try {
      await run()
    } catch (error) {
      failed(title, error.message)
      return
    }
    passed(title, ` (${seconds(startMs)})`)
  }
  return Object.assign(check, { passed, failed, skipped })
}

const indented = text => text.replace(/^/gm, '    ')
const seconds = startMs => `${((performance.now() - startMs) / 1000).toFixed(1)} s`

async function runSuite(suite, placement, tools) {
  const label = `${suite.name} (${placement})`
  const startMs = performance.now()
  const before = failures
  const check = checker(suite, label)
  const broker =
    flags.bootstrap === undefined && !suite.alone
      ? await startBroker({ placement, overrides: suite.overrides })
      : undefined
  const world = { bootstrap: flags.bootstrap ?? broker?.bootstrap, dataDir: broker?.dataDir, tools, check }
  await suite.run(world)
  if (broker !== undefined) {
    await check('the broker stops in order when it is asked to', async () => {
      const { code, signal, stdout, stderr } = await broker.stop()
      if (code !== 0)
        throw new Error(`it ended with ${code ?? signal}:\n${stdout.slice(-1500)}\n${stderr.slice(-1500)}`)
    })
    await suite.afterStop?.(world)
    if (failures > before) console.log(indented(`the broker said:\n${broker.output.stdout.slice(-2500)}`))
    broker.remove()
  }
  const { passed, skipped } = results.counts(suite.name)
  const counted = failures === before ? 'ok' : `${failures - before} failed`
  console.log(`clients: ${label}: ${counted}, ${passed} checks, ${skipped} skipped, ${seconds(startMs)}`)
}

/** Which placements a suite runs in: `alone` starts its own brokers, `once` is too long to do more than once. */
const placementsOf = suite => (suite.alone || suite.once ? placements.slice(0, 1) : placements)

const tools = await findTools([...new Set(chosen.flatMap(({ needs }) => needs))])
const missingFor = suite => suite.needs.filter(name => tools[name] === undefined)
let ran = 0
for (const suite of chosen.filter(suite => missingFor(suite).length === 0)) {
  for (const placement of placementsOf(suite)) {
    try {
      await runSuite(suite, placement, tools)
    } catch (error) {
      failures++
      results.add(suite, 'the suite runs to its end', { status: 'failed', reason: String(error) })
      console.log(`clients: ${suite.name} (${placement}): FAILED\n${indented(error.stack ?? String(error))}`)
    }
    ran++
  }
}
const skipped = chosen.filter(suite => missingFor(suite).length > 0)
for (const suite of skipped) {
  const reason = `no ${missingFor(suite).join(', ')} here`
  console.log(`clients: ${suite.name} skipped: ${reason}`)
  results.add(suite, 'the suite', { status: 'skipped', reason })
}
if (flags.table) {
  const lines = chosen.map(suite =>
    results.line(suite, suite.version ?? tools[suite.needs[0]]?.version ?? 'unknown')
  )
  writeResults(lines, { whole: names === undefined })
}
if (failures > 0) console.log(`clients: ${failures} checks failed`)
console.log(`clients: ran ${ran}, skipped ${skipped.length} (${skipped.map(({ name }) => name).join(', ')})`)
process.exit(failures > 0 ? 1 : 0)
