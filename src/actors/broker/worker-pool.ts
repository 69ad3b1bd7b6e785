// The piscina pool of a broker. In a file of its own, with nothing else to load: workers read their code while the main
// thread still reads its own.
import { Piscina } from 'piscina'

/** Loops a worker could hold at once; piscina would leave the surplus queued for ever. */
const tasksPerWorker = 1024

export function openWorkerPool(workers: number): Piscina {
  return new Piscina({
    filename: new URL('./worker.js', import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
    concurrentTasksPerWorker: tasksPerWorker,
    // A worker that waits for tasks by Atomics.wait would freeze its sockets and timers.
    atomics: 'disabled'
  })
}
