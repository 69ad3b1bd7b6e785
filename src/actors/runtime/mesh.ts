// Messages between threads by the name of an actor. The sender knows a name and a thread from the placement table.
// This file has the contract and the mesh of a single thread; thread-mesh.ts has the one over shared memory.
import { errorMessage, invariant } from '../../errors.js'

/** 0 = main, 1 .. W = workers. */
export type ThreadId = number

export type Deliver = (message: unknown, from: ThreadId, shared: SharedArrayBuffer[]) => void

export interface Mesh {
  readonly self: ThreadId
  /** All threads, in order. */
  readonly threads: ThreadId[]
  /**
   * Never blocks and never refuses. Order is kept between two threads. `message` is plain data (objects, Map, Set, bigint,
   * Buffer, numbers, strings); to the own thread it arrives in a microtask, as the same object. `shared` is memory
   * that goes along by reference.
   */
  send(to: ThreadId, actor: string, message: unknown, shared?: SharedArrayBuffer[]): void
  /** One receiver a name; what came earlier for it is delivered at once. The name is free again after `unregister`. */
  register(actor: string, deliver: Deliver): void
  unregister(actor: string): void
}

/** Hands messages to the receivers of one thread, and keeps those whose receiver is not there yet. */
export class Receivers {
  readonly #receivers = new Map<string, Deliver>()
  readonly #early = new Map<string, Array<Parameters<Deliver>>>()

  register(actor: string, deliver: Deliver): void {
    invariant(!this.#receivers.has(actor), `${actor} is registered twice on one thread`)
    this.#receivers.set(actor, deliver)
    const early = this.#early.get(actor)
    if (early === undefined) return
    this.#early.delete(actor)
    for (const args of early) deliver(...args)
  }

  unregister(actor: string): void {
    this.#receivers.delete(actor)
  }

  deliver(actor: string, message: unknown, from: ThreadId, shared: SharedArrayBuffer[]): void {
    const receiver = this.#receivers.get(actor)
    if (receiver !== undefined) {
      receiver(message, from, shared)
      return
    }
    const early = this.#early.get(actor)
    if (early === undefined) this.#early.set(actor, [[message, from, shared]])
    else early.push([message, from, shared])
  }
}

/** The mesh of a broker with no workers. */
export function localMesh(): Mesh {
  const receivers = new Receivers()
  return {
    self: 0,
    threads: [0],
    send(to, actor, message, shared = []) {
      invariant(to === 0, `thread ${to} does not exist`)
      queueMicrotask(() => receivers.deliver(actor, message, 0, shared))
    },
    register: (actor, deliver) => receivers.register(actor, deliver),
    unregister: actor => receivers.unregister(actor)
  }
}

export interface Asking {
  /** Rejects with the answerer's error message when its handler throws. */
  ask<R>(to: ThreadId, actor: string, message: unknown): Promise<R>
  /** One handler a name on each thread; a name used here may also be registered for plain messages. */
  answer(actor: string, handler: (message: unknown, from: ThreadId) => unknown): void
  /** Takes the handler away again. */
  unanswer(actor: string): void
}

interface Question {
  readonly id: number
  readonly message: unknown
}
type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: string }
interface Waiting {
  resolve(value: never): void
  reject(error: Error): void
}

const answersTo = 'mesh.answers'
const questionsOf = (actor: string): string => `${actor}?`
const askingOf = new WeakMap<Mesh, Asking>()

/** Questions and answers over a mesh; one instance a mesh. */
export function asking(mesh: Mesh): Asking {
  const known = askingOf.get(mesh)
  if (known !== undefined) return known
  const created = createAsking(mesh)
  askingOf.set(mesh, created)
  return created
}

function createAsking(mesh: Mesh): Asking {
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  mesh.register(answersTo, message => {
    const answer = message as Answer
    const asker = waiting.get(answer.id)
    if (asker === undefined) return
    waiting.delete(answer.id)
    if ('failure' in answer) asker.reject(new Error(answer.failure))
    else asker.resolve(answer.value as never)
  })
  return {
    ask: <R>(to: ThreadId, actor: string, message: unknown) =>
      new Promise<R>((resolve, reject) => {
        const id = ++lastId
        waiting.set(id, { resolve: resolve as (value: never) => void, reject })
        mesh.send(to, questionsOf(actor), { id, message } satisfies Question)
      }),
    answer(actor, handler) {
      mesh.register(questionsOf(actor), (question, from) => {
        const { id, message } = question as Question
        void reply(mesh, from, id, () => handler(message, from))
      })
    },
    unanswer: actor => mesh.unregister(questionsOf(actor))
  }
}

async function reply(mesh: Mesh, to: ThreadId, id: number, work: () => unknown): Promise<void> {
  let answer: Answer
  try {
    const result = work()
    answer = { id, value: result instanceof Promise ? await result : result }
  } catch (error) {
    answer = { id, failure: errorMessage(error) }
  }
  mesh.send(to, answersTo, answer)
}
