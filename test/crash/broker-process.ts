// A broker in a process of its own, as `npm run broker` starts it, for tests that kill it.
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

export interface BrokerProcess {
  readonly child: ChildProcess
  readonly bootstrap: string
  readonly output: () => string
  rssMegabytes(): number
  /** Resolves with the exit code, or the signal's name. */
  readonly exited: Promise<number | string>
}

/** Of the process that runs the broker. */
export interface NodeOptions {
  readonly flags?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** The system chooses its port: one that a test chose could be anybody's by the time the broker binds it. */
export function startBrokerProcess(
  logDir: string,
  overrides: Record<string, string> = {},
  node: NodeOptions = {}
): Promise<BrokerProcess> {
  const all = { listeners: 'PLAINTEXT://127.0.0.1:0', 'log.dirs': logDir, ...overrides }
  const flags = Object.entries(all).flatMap(([key, value]) => ['--override', `${key}=${value}`])
  const child = spawn(process.execPath, [...(node.flags ?? []), main, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...node.env }
  })
  let output = ''
  const exited = new Promise<number | string>(resolve =>
    child.once('exit', (code, signal) => resolve(code ?? signal ?? -1))
  )
  return new Promise((resolve, reject) => {
    const seen = (chunk: Buffer): void => {
      output += chunk.toString()
      const port = /listening on PLAINTEXT:\/\/127\.0\.0\.1:(\d+)/.exec(output)?.[1]
      if (port === undefined || !/ started in \d+ ms/.test(output)) return
      resolve({
        child,
        bootstrap: `127.0.0.1:${port}`,
        output: () => output,
        exited,
        rssMegabytes: () =>
          Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
      })
    }
    child.stdout.on('data', seen)
    child.stderr.on('data', seen)
    void exited.then(code => reject(new Error(`the broker ended with ${code}: ${output}`)))
  })
}
