// What a run is given and what comes of it.
import type { Disk } from '../actors/broker/disk.js'
import type { Sockets } from '../actors/network/sockets.js'
import type { Loop } from '../actors/runtime/loop.js'
import type { Plan } from './plan.js'

/** Puts something broken into a world, to show that it is noticed. */
export interface Sabotage {
  disk?(disk: Disk): Disk
  sockets?(sockets: Sockets): Sockets
  loop?(loop: Loop): Loop
  plan?(plan: Plan): Plan
}

export interface SimulationOptions {
  readonly sabotage?: Sabotage
  /** Told what happens, a line an event. */
  readonly onLine?: (line: string) => void
}

export interface Verdict {
  readonly seed: number
  /** The same for every run of this seed. */
  readonly hash: string
  readonly steps: number
  readonly simulatedMs: number
  /** undefined: all held. */
  readonly broken: string | undefined
  /** How often something happened that runs are there for. */
  readonly seen: ReadonlyMap<string, number>
}
