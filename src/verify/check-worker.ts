// One model after the other on a thread of its own, with as much memory as the machine has to give: what `npm run check`
// starts for each model. Progress and the report are plain data.
import { parentPort, Worker } from 'node:worker_threads'
import { errorMessage } from '../errors.js'
import type { CheckProgress } from './check.js'
import type { Bound } from './entry.js'
import type { Report } from './model.js'
import { models } from './models/index.js'
import type { WalkOptions } from './walk.js'

export interface CheckJob {
  readonly model: string
  readonly bound: Bound
  /** Random ways instead of every state. */
  readonly walk?: WalkOptions
}

type Message =
  | { readonly kind: 'progress'; readonly progress: CheckProgress }
  | { readonly kind: 'report'; readonly report: Report }

/** `heapMb`: the most that the thread may use; beyond it the promise rejects. */
export function checkOnThread(
  job: CheckJob,
  heapMb: number,
  onProgress: (progress: CheckProgress) => void
): Promise<Report> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./check-worker.js', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: heapMb }
    })
    worker.on('message', (message: Message) => {
      if (message.kind === 'progress') onProgress(message.progress)
      else {
        resolve(message.report)
        void worker.terminate()
      }
    })
    worker.once('error', error => reject(new Error(`${job.model}: ${errorMessage(error)}`)))
    worker.once('exit', () => reject(new Error(`${job.model}: its thread ended without a report`)))
    worker.postMessage(job)
  })
}

parentPort?.once('message', (job: CheckJob) => {
  const tell = (message: Message): void => parentPort?.postMessage(message)
  const entry = models.find(({ name }) => name === job.model)
  if (entry === undefined) throw new Error(`no model ${job.model}`)
  const report =
    job.walk === undefined
      ? entry.check(job.bound, { onProgress: progress => tell({ kind: 'progress', progress }) })
      : entry.walk(job.bound, job.walk)
  tell({ kind: 'report', report })
})
