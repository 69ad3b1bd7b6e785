// npm run simulate: whole runs of the broker in a simulated world, one a seed; a seed that fails can be run again.
import { parseArgs } from 'node:util'
import { simulateMany, type Tally } from './simulation/many.js'
import { simulate } from './simulation/simulation.js'

const usage = `Usage: npm run simulate -- [--seeds N] [--from SEED] [--threads N]
   or: npm run simulate -- --seed SEED [--trace]

  --seeds N      how many runs (1000)
  --from SEED    the first seed (0); a run is the same whenever its seed is the same
  --threads N    worker threads (one for each core)
  --seed SEED    one run
  --trace        prints what happens in it, a line an event`

const progressMs = 5000
/** More say nothing new. */
const failuresTold = 20

async function main(words: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      seeds: { type: 'string', default: '1000' },
      from: { type: 'string', default: '0' },
      threads: { type: 'string' },
      seed: { type: 'string' },
      trace: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false }
    }
  })
  if (values.help) {
    console.log(usage)
    return 0
  }
  if (values.seed !== undefined) return one(Number(values.seed), values.trace)
  const threads = values.threads === undefined ? {} : { threads: Number(values.threads) }
  return many({ from: Number(values.from), seeds: Number(values.seeds), ...threads })
}

async function one(seed: number, trace: boolean): Promise<number> {
  const verdict = await simulate(seed, trace ? { onLine: line => console.log(line) } : {})
  const { hash, steps, simulatedMs, broken } = verdict
  console.log(`seed ${seed}: ${broken ?? 'all held'}`)
  console.log(`${steps} steps, ${simulatedMs} simulated ms, event hash ${hash}`)
  return broken === undefined ? 0 : 1
}

async function many(options: { from: number; seeds: number; threads?: number }): Promise<number> {
  const beganMs = performance.now()
  let toldMs = beganMs
  const rate = ({ seeds }: Tally): string =>
    `${((1000 * seeds) / (performance.now() - beganMs)).toFixed(0)} seeds/s`
  let toldFailures = 0
  const tellFailures = ({ broken }: Tally): void => {
    for (const { seed, broken: sentence } of broken.slice(toldFailures, failuresTold)) {
      console.log(`seed ${seed}: ${sentence}`)
      console.log(`  again, with every event: npm run simulate -- --seed ${seed} --trace`)
    }
    toldFailures = broken.length
  }
  const tally = await simulateMany({
    ...options,
    onProgress: so => {
      tellFailures(so)
      if (performance.now() - toldMs < progressMs) return
      toldMs = performance.now()
      console.log(`${so.seeds} of ${options.seeds} seeds, ${rate(so)}, ${so.broken.length} failed`)
    }
  })
  const seen = [...tally.seen].sort(([a], [b]) => (a < b ? -1 : 1)).map(([what, count]) => `${count} ${what}`)
  console.log(`seen: ${seen.join(', ')}`)
  console.log(`${tally.seeds} seeds, ${tally.steps} steps, ${rate(tally)}, ${tally.broken.length} failed`)
  return tally.broken.length === 0 ? 0 : 1
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error)
  return 2
})
