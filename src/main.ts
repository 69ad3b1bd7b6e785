#!/usr/bin/env node
// npm run broker: reads the command line, starts one broker, and stops it in order when a signal asks for it.
import { readFileSync } from 'node:fs'
import { type Command, failureLines, parseCommandLine, stopRequests, usage } from './command-line.js'
import type { Broker } from './index.js'

/** Loaded only when a broker is wanted: the answers of --help and --version come at once. */
async function run({ file, overrides }: Extract<Command, { kind: 'run' }>): Promise<void> {
  const stop = stopRequests(() => performance.now())
  const stopping = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      const request = stop()
      if (request === 'again') process.exit(1)
      if (request === 'first') stopping.abort()
    })
  }
  let broker: Broker | undefined
  // An error that nobody caught leaves the broker in a state that nobody knows: it ends, and recovers at its next start.
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (cause: unknown) => (broker === undefined ? fail(cause) : broker.fail(cause)))
  }
  const { startBroker } = await import('./index.js')
  try {
    const named = file === undefined ? {} : { file }
    broker = await startBroker({ embedded: false, overrides, signal: stopping.signal, ...named })
    await broker.closed
  } catch (error) {
    if (broker !== undefined || !stopping.signal.aborted) fail(error)
  }
  process.exit(0)
}

function fail(error: unknown): never {
  process.stderr.write(`${failureLines(error)}\n`)
  process.exit(1)
}

function version(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return `odradek ${version}`
}

// Nobody may be there any more to read what the broker says (a pipe that was closed): it goes on without being heard. The
// error would else be fatal, and saying so would be the next one.
for (const output of [process.stdout, process.stderr]) output.on('error', () => {})

const command = parseCommandLine(process.argv.slice(2))
if (command.kind === 'help') console.log(usage)
else if (command.kind === 'version') console.log(version())
else if (command.kind === 'misused') {
  process.stderr.write(`odradek: ${command.reason}\n${usage}\n`)
  process.exitCode = 1
} else run(command).catch(fail)
