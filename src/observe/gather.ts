// Asks every thread of a broker, and puts together what the main thread knows itself.
import type { Broker } from '../actors/broker/broker.js'
import {
  lookAtMailboxes,
  lookAtThread,
  type ThreadFigures,
  type ThreadLook
} from '../actors/broker/thread-look.js'
import { lookAtProcessors, processorLooks, softwareCounts } from '../actors/network/network-look.js'
import { systemClock } from '../actors/runtime/clock.js'
import type { LoopDelayMeter } from '../actors/runtime/loop-delay.js'

export interface Gathered<T> {
  /** By thread, the main thread first. */
  readonly threads: readonly T[]
  /** Threads that did not answer in time. */
  readonly missing: readonly number[]
}

export async function gatherLooks(broker: Broker, loopDelay: LoopDelayMeter): Promise<Gathered<ThreadLook>> {
  const { threads } = broker.parts
  const { answers, missing } = (await threads?.looks()) ?? { answers: [], missing: [] }
  const own = answers.find(({ thread }) => thread === 0)
  const others = answers.filter(({ thread }) => thread !== 0)
  const network = broker.parts.network?.ownThread
  const main: ThreadLook = {
    ...(own ?? {}),
    ...lookAtThread(0, loopDelay.read(systemClock.monotonicMs())),
    queueState: threads?.channel.state ?? '',
    ...(network === undefined ? { processors: [], connections: [] } : lookAtProcessors(network)),
    ...(network === undefined ? {} : { requests: network.figures.kept() })
  }
  return { threads: [main, ...byThread(others)], missing }
}

export async function gatherFigures(
  broker: Broker,
  loopDelay: LoopDelayMeter
): Promise<Gathered<ThreadFigures>> {
  const { answers, missing } = (await broker.parts.threads?.figures()) ?? { answers: [], missing: [] }
  const own = answers.find(({ thread }) => thread === 0)
  const others = answers.filter(({ thread }) => thread !== 0)
  const network = broker.parts.network?.ownThread
  const atMs = systemClock.monotonicMs()
  const delay = loopDelay.read(atMs)
  const main: ThreadFigures = {
    ...(own ?? {}),
    thread: 0,
    atMs,
    ...(delay === undefined ? {} : { loopDelay: delay }),
    mailboxes: lookAtMailboxes(),
    apis: network?.figures.read() ?? [],
    processors: network === undefined ? [] : processorLooks(network),
    software: network === undefined ? [] : softwareCounts(network)
  }
  return { threads: [main, ...byThread(others)], missing }
}

function byThread<T extends { readonly thread: number }>(answers: readonly T[]): T[] {
  return [...answers].sort((a, b) => a.thread - b.thread)
}
