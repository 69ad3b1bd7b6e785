// npm run test:clients: real clients against npm run broker, each suite with a broker and a directory of its own.
//   npm run test:clients -- [--only kcat,kafkajs] [--placements perCore,inline] [--bootstrap host:port]
// A suite that brings its own brokers (`alone`) runs once. With --bootstrap the broker is one that runs already.
// The last line counts: 'clients: ran N, skipped M (names)'.
import { parseArgs } from 'node:util'
import { startBroker } from '../test/clients/broker.mjs'
import { killAll } from '../test/clients/processes.mjs'
import { suites } from '../test/clients/suites/index.mjs'
import { findTools } from '../test/clients/tools.mjs'

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string' },
    placements: { type: 'string', default: 'perCore,networkOnMain,inline' },
    bootstrap: { type: 'string' }
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
let failures = 0

process.on('exit', killAll)
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))

/** Runs each check although an earlier one failed, so that one run shows all. */
function checker(label) {
  return async (title, run) => {
    const startMs = performance.now()
    try {
      await run()
    } catch (error) {
      failures++
      console.log(`clients: ${label}: FAILED: ${title}\n${indented(error.message)}`)
      return
    }
    if (process.env.CLIENTS_VERBOSE) {
      console.log(`clients: ${label}: ${title} (${seconds(startMs)})`)
    }
  }
}

const indented = text => text.replace(/^/gm, '    ')
const seconds = startMs => `${((performance.now() - startMs) / 1000).toFixed(1)} s`

async function runSuite(suite, placement, tools) {
  const label = suite.alone ? suite.name : `${suite.name} (${placement})`
  const startMs = performance.now()
  const before = failures
  const check = checker(label)
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
  console.log(
    `clients: ${label}: ${failures === before ? 'ok' : `${failures - before} failed`}, ${seconds(startMs)}`
  )
}

const tools = await findTools([...new Set(chosen.flatMap(({ needs }) => needs))])
const missingFor = suite => suite.needs.filter(name => tools[name] === undefined)
let ran = 0
for (const suite of chosen.filter(suite => missingFor(suite).length === 0)) {
  for (const placement of suite.alone ? placements.slice(0, 1) : placements) {
    try {
      await runSuite(suite, placement, tools)
    } catch (error) {
      failures++
      console.log(`clients: ${suite.name} (${placement}): FAILED\n${indented(error.stack ?? String(error))}`)
    }
    ran++
  }
}
const skipped = chosen.filter(suite => missingFor(suite).length > 0)
for (const suite of skipped)
  console.log(`clients: ${suite.name} skipped: no ${missingFor(suite).join(', ')} here`)
if (failures > 0) console.log(`clients: ${failures} checks failed`)
console.log(`clients: ran ${ran}, skipped ${skipped.length} (${skipped.map(({ name }) => name).join(', ')})`)
process.exit(failures > 0 ? 1 : 0)
