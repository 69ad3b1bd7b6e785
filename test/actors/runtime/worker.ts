// Starts test/support/runtime-worker.mjs in a role and waits for its end.
import { type MessagePort, Worker } from 'node:worker_threads'
import { builtRuntime } from '../../support/built.js'

const script = new URL('../../support/runtime-worker.mjs', import.meta.url)
let built: string | undefined

export interface RoleWorker {
  readonly worker: Worker
  readonly up: Promise<void>
  /** Resolves at exit, rejects when the worker throws. */
  readonly done: Promise<void>
}

export function startRole(role: string, data: object, transferList: MessagePort[] = []): RoleWorker {
  built ??= builtRuntime()
  const worker = new Worker(script, { workerData: { built, role, ...data }, transferList })
  const up = new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve())
    worker.once('error', reject)
  })
  const done = new Promise<void>((resolve, reject) => {
    worker.once('exit', () => resolve())
    worker.once('error', reject)
  })
  return { worker, up, done }
}
