// The arena's two shared protocols as a step machine for the model checker: the pool counter with the waiting flag of the
// owner, and the stack of blocks that other threads give back. One step is one atomic access. All blocks cost one unit.

export interface ArenaModel {
  /** Units of the pool. */
  readonly pool: number
  /** Blocks the owner allocates in all; it hands each to a releasing thread in turn. */
  readonly blocks: number
  readonly releasers: number
}

/** What the owner is about to do. */
export type OwnerStep = 'reclaim' | 'charge' | 'flag' | 'recheck' | 'selfRing' | 'asleep' | 'done'
/** What a releasing thread is about to do: its flag, the two steps of the push, the pool, the wake-up. */
export type ReleaseStep = 'idle' | 'mark' | 'link' | 'push' | 'credit' | 'wake' | 'ring'

export interface Releaser {
  readonly step: ReleaseStep
  readonly block: number
  readonly seenHead: number
}

export interface ArenaState {
  readonly owner: OwnerStep
  readonly allocated: number
  readonly used: number
  readonly waiting: 0 | 1
  readonly bell: 0 | 1
  /** Head of the stack of released blocks; 0 = none. */
  readonly head: number
  readonly next: readonly number[]
  readonly live: readonly boolean[]
  /** Blocks the owner got back; a number twice would be a block given out twice. */
  readonly reclaimed: readonly number[]
  /** Blocks in the hands of a releaser that has not begun. */
  readonly handed: readonly number[]
  readonly releasers: readonly Releaser[]
}

export function initialArena({ blocks, releasers }: ArenaModel): ArenaState {
  return {
    owner: 'reclaim',
    allocated: 0,
    used: 0,
    waiting: 0,
    bell: 0,
    head: 0,
    next: new Array<number>(blocks + 1).fill(0),
    live: new Array<boolean>(blocks + 1).fill(false),
    reclaimed: [],
    handed: [],
    releasers: Array.from({ length: releasers }, (): Releaser => ({ step: 'idle', block: 0, seenHead: 0 }))
  }
}

/** Every state that one atomic step of one thread can lead to. */
export function arenaSuccessors(model: ArenaModel, state: ArenaState): ArenaState[] {
  const own = stepOwner(model, state)
  const others = state.releasers.map((_, index) => stepReleaser(state, index))
  return [own, ...others].filter(next => next !== undefined)
}

/** Undefined: it is asleep, or done. */
export function stepOwner({ pool, blocks }: ArenaModel, state: ArenaState): ArenaState | undefined {
  switch (state.owner) {
    case 'reclaim': {
      const reclaimed = [...state.reclaimed]
      for (let block = state.head; block !== 0; block = state.next[block] ?? 0) reclaimed.push(block)
      return { ...state, head: 0, reclaimed, owner: state.allocated === blocks ? 'done' : 'charge' }
    }
    case 'charge': {
      if (state.used >= pool) return { ...state, owner: 'flag' }
      const block = state.allocated + 1
      return {
        ...state,
        owner: 'reclaim',
        used: state.used + 1,
        allocated: block,
        live: state.live.with(block, true),
        handed: [...state.handed, block]
      }
    }
    case 'flag':
      return { ...state, waiting: 1, owner: 'recheck' }
    case 'recheck':
      return { ...state, owner: state.used < pool ? 'selfRing' : 'asleep' }
    case 'selfRing':
      return state.waiting === 1
        ? { ...state, waiting: 0, bell: 1, owner: 'asleep' }
        : { ...state, owner: 'asleep' }
    case 'asleep':
      return state.bell === 1
        ? { ...state, bell: 0, owner: state.waiting === 1 ? 'asleep' : 'reclaim' }
        : undefined
    default:
      return undefined
  }
}

/** Undefined: there is nothing to release. */
export function stepReleaser(state: ArenaState, index: number): ArenaState | undefined {
  const { step, block, seenHead } = state.releasers[index] ?? { step: 'idle', block: 0, seenHead: 0 }
  const to = (change: Partial<Releaser>, rest: Partial<ArenaState> = {}): ArenaState => ({
    ...state,
    ...rest,
    releasers: state.releasers.with(index, { step, block, seenHead, ...change })
  })
  switch (step) {
    case 'idle': {
      const [first, ...others] = state.handed
      return first === undefined ? undefined : to({ step: 'mark', block: first }, { handed: others })
    }
    case 'mark':
      return to({ step: 'link' }, { live: state.live.with(block, false) })
    case 'link':
      return to({ step: 'push', seenHead: state.head }, { next: state.next.with(block, state.head) })
    case 'push':
      return state.head === seenHead ? to({ step: 'credit' }, { head: block }) : to({ step: 'link' })
    case 'credit':
      return to({ step: 'wake' }, { used: state.used - 1 })
    case 'wake':
      return state.waiting === 1
        ? to({ step: 'ring' }, { waiting: 0 })
        : to({ step: 'idle', block: 0, seenHead: 0 })
    case 'ring':
      return to({ step: 'idle', block: 0, seenHead: 0 }, { bell: 1 })
    default:
      return undefined
  }
}
