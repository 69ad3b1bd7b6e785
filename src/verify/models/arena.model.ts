// Request memory in the hands of several threads, under every interleaving of their atomic steps: the pool's counter, the
// owner that waits for room, the stack of blocks that come back.
import {
  type ArenaModel,
  type ArenaState,
  initialArena,
  type OwnerStep,
  type ReleaseStep,
  stepOwner,
  stepReleaser
} from '../../actors/runtime/arena.machine.js'
import { modelEntry } from '../entry.js'
import type { Action, Model } from '../model.js'

export interface ArenaModelOverrides {
  readonly owner?: typeof stepOwner
  readonly releaser?: typeof stepReleaser
}

const owner = 'owner'
const memory = 'memory'
const most = 3
const ownerSteps: readonly OwnerStep[] = [
  'reclaim',
  'charge',
  'flag',
  'recheck',
  'selfRing',
  'asleep',
  'done'
]
const releaseSteps: readonly ReleaseStep[] = ['idle', 'mark', 'link', 'push', 'credit', 'wake', 'ring']
const own = (says: string): Action => ({ from: owner, to: memory, says, by: 'actor' })
const ownerActions: Readonly<Record<OwnerStep, Action>> = {
  reclaim: own('takes the stack of released blocks'),
  charge: own('charges the pool, if there is room'),
  flag: own('says that it waits'),
  recheck: own('looks for room once more'),
  selfRing: own('rings its own bell'),
  asleep: own('answers its bell'),
  done: own('is done')
}
const releaserActions = Array.from({ length: most }, (_, index) => {
  const from = `releaser ${index + 1}`
  const action = (says: string, to = memory): Action => ({ from, to, says, by: 'actor' })
  return {
    idle: action('is handed a block'),
    mark: action('marks it released'),
    link: action('links it to the head of the stack'),
    push: action('makes it the head, unless another was quicker'),
    credit: action('gives its bytes back to the pool'),
    wake: action('looks whether the owner waits'),
    ring: action('rings', owner)
  } satisfies Record<ReleaseStep, Action>
})

export function arenaModel(bounds: ArenaModel, overrides: ArenaModelOverrides = {}): Model<ArenaState> {
  const own = overrides.owner ?? stepOwner
  const release = overrides.releaser ?? stepReleaser
  const all = Array.from({ length: bounds.blocks }, (_, index) => index + 1)
  const isOver = (state: ArenaState): boolean =>
    state.owner === 'done' &&
    state.handed.length === 0 &&
    state.releasers.every(({ step }) => step === 'idle')
  const inUse = (state: ArenaState): number =>
    state.handed.length + state.releasers.filter(({ step }) => beforeCredit.includes(step)).length
  return {
    name: 'arena',
    about: `${bounds.blocks} blocks from a pool of ${bounds.pool}, released by ${bounds.releasers} threads`,
    parts: [owner, memory, ...releaserActions.slice(0, bounds.releasers).map(({ idle }) => idle.from)],
    initial: () => initialArena(bounds),
    next(state, step) {
      const after = own(bounds, state)
      if (after !== undefined) step(ownerActions[state.owner], after)
      state.releasers.forEach((releaser, index) => {
        const actions = releaserActions[index]
        const next = release(state, index)
        if (actions !== undefined && next !== undefined) step(actions[releaser.step], next)
      })
    },
    key: arenaKey,
    show: state => ({
      [owner]: state.owner,
      [memory]: `${state.used} used, ${state.waiting === 1 ? 'owner waits' : 'nobody waits'}, stack ${stackOf(state).join(' ')}`,
      ...Object.fromEntries(state.releasers.map(({ step }, index) => [`releaser ${index + 1}`, step]))
    }),
    mayRest: isOver,
    always: [
      {
        id: 'I-13',
        says: 'the pool is charged for just the blocks that are in use, and never for more than it has',
        holds: state => state.used === inUse(state) && state.used <= bounds.pool
      },
      {
        id: 'a-block-comes-back-once',
        says: 'a block is given out again only after it came back, and it comes back once',
        holds: state => {
          const back = [...state.reclaimed, ...stackOf(state)]
          return new Set(back).size === back.length && back.every(block => state.live[block] === false)
        }
      },
      {
        id: 'no-block-is-lost',
        says: 'when all is over every block came back',
        holds: state =>
          !isOver(state) || all.every(block => [...state.reclaimed, ...stackOf(state)].includes(block))
      }
    ],
    inevitable: [
      {
        id: 'no-lost-wake-up',
        says: 'an owner that waits for memory goes on once some is given back',
        from: () => true,
        to: ({ owner: at }) => at === 'done'
      },
      {
        id: 'released-is-reclaimed',
        says: 'a released block comes back to its owner',
        from: state => state.head !== 0,
        to: state => state.head === 0 || state.owner === 'done'
      }
    ],
    sometimes: [
      {
        says: 'the owner sleeps until memory is given back',
        holds: state => state.owner === 'asleep' && state.waiting === 1
      },
      {
        says: 'memory is given back between the refusal and the flag',
        holds: state => state.owner === 'selfRing'
      },
      {
        says: 'two threads push at a time',
        holds: ({ releasers }) => releasers.filter(({ step }) => step === 'push').length > 1
      },
      { says: 'two blocks are in the stack', holds: state => stackOf(state).length > 1 }
    ]
  }
}

const beforeCredit: readonly ReleaseStep[] = ['mark', 'link', 'push', 'credit']

/** Head first; a stack that runs in circles ends where it begins again. */
function stackOf({ head, next }: ArenaState): readonly number[] {
  const blocks: number[] = []
  for (let block = head; block !== 0; block = next[block] ?? 0) {
    blocks.push(block)
    if (blocks.length > next.length) break
  }
  return blocks
}

function arenaKey(state: ArenaState): string {
  const { owner: at, allocated, used, waiting, bell, head, next, live, reclaimed, handed, releasers } = state
  let key = String.fromCharCode(
    ownerSteps.indexOf(at) + 8 * waiting + 16 * bell,
    allocated,
    used + 8,
    head,
    reclaimed.length,
    ...reclaimed,
    handed.length,
    ...handed,
    ...next
  )
  for (const isLive of live) key += isLive ? '1' : '0'
  for (const { step, block, seenHead } of releasers)
    key += String.fromCharCode(releaseSteps.indexOf(step), block, seenHead)
  return key
}

export const arenaEntry = modelEntry(bound =>
  arenaModel(bound === 'small' ? { pool: 2, blocks: 4, releasers: 2 } : { pool: 2, blocks: 6, releasers: 2 })
)
