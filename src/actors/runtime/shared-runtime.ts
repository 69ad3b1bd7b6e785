// The shared memory of one broker, made by the main thread, and each thread's way into it.
// Recipe for piscina: `new Piscina({ filename, minThreads: W, maxThreads: W, concurrentTasksPerWorker: 1024,
// atomics: 'disabled', workerData: shared })`, then for t = 1..W `pool.run({ thread: t, ports }, { transferList })`: see
// bootTasks below. workerData is one object for all workers, so neither the thread's number nor its ports fit in there.
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { Arena, createArena, type SharedArena } from './arena.js'
import { exchangeOversize, type Obtain } from './arena-exchange.js'
import { createByteRing } from './byte-ring.js'
import { createDoorbells, Doorbell } from './doorbell.js'
import { localMesh, type Mesh, type ThreadId } from './mesh.js'
import { type PeerPort, threadMesh } from './thread-mesh.js'

/** Plain data with SharedArrayBuffers: goes into workerData as it is. */
export interface SharedRuntime {
  readonly workers: number
  readonly doorbells: SharedArrayBuffer
  /** rings[from][to]; null on the diagonal. */
  readonly rings: ReadonlyArray<ReadonlyArray<SharedArrayBuffer | null>>
  readonly arena: SharedArena
}

export interface SharedRuntimeOptions {
  /** W; 0 = everything on the main thread. */
  readonly workers: number
  /** Threads with an arena region. */
  readonly networkThreads: readonly ThreadId[]
  /** queued.max.request.bytes; -1 = unbounded. */
  readonly poolBytes: number
  /** Bytes of each ring between two threads, a power of two. */
  readonly meshRingBytes?: number
  readonly regionBytes?: number
}

/** A task that never ends while the broker lives: piscina gives each one to the least busy worker, so one to each. */
export interface BootTask {
  readonly thread: ThreadId
  readonly ports: readonly PeerPort[]
  readonly transferList: readonly MessagePort[]
}

export interface CreatedRuntime {
  readonly shared: SharedRuntime
  /** The main thread's ports, for attachRuntime(shared, 0, mainPorts). */
  readonly mainPorts: readonly PeerPort[]
  /** One a worker, in order. Run all of them before anything else on the pool. */
  readonly bootTasks: readonly BootTask[]
}

export function createSharedRuntime(options: SharedRuntimeOptions): CreatedRuntime {
  const { workers, networkThreads, poolBytes, meshRingBytes = 128 * 1024, regionBytes } = options
  const threads = Array.from({ length: workers + 1 }, (_, thread) => thread)
  const ports = threads.map((): PeerPort[] => [])
  for (const one of threads) {
    for (const other of threads.slice(one + 1)) {
      const { port1, port2 } = new MessageChannel()
      ports[one]?.push({ peer: other, port: port1 })
      ports[other]?.push({ peer: one, port: port2 })
    }
  }
  const shared: SharedRuntime = {
    workers,
    doorbells: createDoorbells(threads.length),
    rings: threads.map(from => threads.map(to => (from === to ? null : createByteRing(meshRingBytes)))),
    arena: createArena({ poolBytes, networkThreads, ...(regionBytes === undefined ? {} : { regionBytes }) })
  }
  const bootTasks = threads.slice(1).map(thread => {
    const own = ports[thread] ?? []
    return { thread, ports: own, transferList: own.map(({ port }) => port) }
  })
  return { shared, mainPorts: ports[0] ?? [], bootTasks }
}

/** What a thread has of the runtime. One a thread. */
export interface Runtime {
  readonly thread: ThreadId
  readonly workers: number
  readonly mesh: Mesh
  /** This thread's own: `onRing` for whoever watches a ring of its own. */
  readonly doorbell: Doorbell
  readonly arena: Arena
  /** `arena.view` for blocks that may be oversize and come from another thread. */
  readonly obtain: Obtain
  /** To wake any thread. */
  doorbellOf(thread: ThreadId): Doorbell
  /** Closes the ports and stops listening; the shared memory goes with its last reader. */
  detach(): void
}

export function attachRuntime(
  shared: SharedRuntime,
  thread: ThreadId,
  ports: readonly PeerPort[] = []
): Runtime {
  const { workers, doorbells, rings } = shared
  const doorbell = new Doorbell(doorbells, thread)
  const others = Array.from({ length: workers + 1 }, (_, t) =>
    t === thread ? doorbell : new Doorbell(doorbells, t)
  )
  const arena = new Arena(shared.arena, thread, doorbells, doorbell)
  const common = {
    thread,
    workers,
    doorbell,
    arena,
    doorbellOf: (to: ThreadId) => others[to] ?? new Doorbell(doorbells, to)
  }
  if (workers === 0) {
    const mesh = localMesh()
    return { ...common, mesh, obtain: exchangeOversize(arena, mesh), detach: () => arena.close() }
  }
  const mesh = threadMesh({ self: thread, threads: workers + 1, rings, doorbells, doorbell, ports })
  const detach = (): void => {
    mesh.close()
    arena.close()
  }
  return { ...common, mesh, obtain: exchangeOversize(arena, mesh), detach }
}
