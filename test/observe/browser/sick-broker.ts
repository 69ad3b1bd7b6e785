// A broker in a process of its own, as a user starts it, with a fault that was made on purpose.
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { temporaryLogDir } from '../../../src/storage/temporary-log-dir.js'
import { startBrokerProcess } from '../../crash/broker-process.js'
import { WireClient } from '../../support/wire-client.js'

export interface SlowDisk {
  /** Only logs of this topic. */
  readonly topic: string
  /** Each flush lasts this much longer. */
  readonly flushMs?: number
  /** Each write holds its thread for this long. */
  readonly writeMs?: number
}

export interface SickBroker {
  readonly bootstrap: string
  /** Ends with a slash. */
  readonly inspector: string
  connect(clientId: string): Promise<WireClient>
  /** CPU time so far, of its main thread and of all its threads. */
  cpuMs(): { readonly main: number; readonly all: number }
  /** Closes its clients first. */
  stop(): Promise<void>
}

export async function startSickBroker(
  overrides: Readonly<Record<string, string>>,
  disk?: SlowDisk
): Promise<SickBroker> {
  const directory = temporaryLogDir()
  const faults = fileURLToPath(new URL('./slow-disk.mjs', import.meta.url))
  const started = await startBrokerProcess(
    directory.path,
    { 'inspector.listener': 'http://127.0.0.1:0', ...overrides },
    disk === undefined ? {} : { flags: ['--import', faults], env: { SLOW_DISK: JSON.stringify(disk) } }
  )
  const { bootstrap, child } = started
  const inspector = /^inspector (\S+)$/m.exec(started.output())?.[1] ?? ''
  const clients: WireClient[] = []
  return {
    bootstrap,
    inspector,
    async connect(clientId) {
      const client = await WireClient.connect(bootstrap, clientId)
      clients.push(client)
      return client
    },
    cpuMs() {
      const tasks = `/proc/${child.pid}/task`
      const msOf = (thread: string): number =>
        Number(readFileSync(`${tasks}/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6
      const all = readdirSync(tasks).reduce((sum, thread) => sum + msOf(thread), 0)
      return { main: msOf(String(child.pid)), all }
    },
    async stop() {
      for (const client of clients) client.close()
      const ended = child.exitCode === null ? once(child, 'exit') : undefined
      child.kill('SIGTERM')
      await ended
      directory.remove()
    }
  }
}
