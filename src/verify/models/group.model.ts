// A classic group: consumers that join, sync, send heartbeats, commit, leave, die, restart and lose connections, in any order
// with timers, writes to the log and loads and unloads of the offsets partition on which the group lives.
import { modelEntry } from '../entry.js'
import type { Action, Model } from '../model.js'
import { failed, isDead } from './groups/clients.js'
import { Coordinator, type GroupModelOverrides } from './groups/coordinator.js'
import { groupProperties, isSettled } from './groups/properties.js'
import { clientAt, Requests } from './groups/requests.js'
import {
  copyOf,
  type Entry,
  type GroupBounds,
  type GroupModelState,
  keyOf,
  mayStill,
  useUp
} from './groups/state.js'

const group = 'group'
const log = 'log'
const broker = 'broker'
const clientNames = ['client 1', 'client 2', 'client 3']
const perClient = (says: string, by: Action['by'], isRare = false): readonly Action[] =>
  clientNames.map(from => ({ from, to: group, says, by, ...(isRare ? { isRare } : {}) }))

const actions = {
  join: perClient('joins', 'actor'),
  joinChanged: perClient('joins with new metadata', 'environment'),
  sync: perClient('syncs', 'actor'),
  heartbeat: perClient('sends a heartbeat', 'actor'),
  commit: perClient('commits', 'environment'),
  leave: perClient('leaves', 'environment', true),
  die: perClient('dies', 'environment', true),
  disconnect: perClient('loses its connection', 'environment'),
  restart: perClient('restarts', 'environment'),
  delayOver: { from: group, to: group, says: 'has waited for the initial delay', by: 'actor' },
  delayUsedUp: { from: group, to: group, says: 'may not wait any longer for the first members', by: 'actor' },
  timeUp: { from: group, to: group, says: 'has waited for the rebalance timeout', by: 'actor' },
  timeUpEarly: {
    ...{ from: group, to: group, by: 'environment' as const },
    says: 'has waited for the rebalance timeout, and a client that lives was slower'
  },
  expire: { from: group, to: group, says: 'has not heard of a member for its session timeout', by: 'actor' },
  expireEarly: {
    ...{ from: group, to: group, by: 'environment' as const },
    says: 'has not heard of a member that lives for its session timeout'
  },
  acknowledged: { from: log, to: group, says: 'has the assignments', by: 'actor' },
  unacknowledged: {
    from: log,
    to: group,
    says: 'has the assignments, and says that it failed',
    by: 'environment'
  },
  readmitted: { from: log, to: group, says: 'has the new id of a static member', by: 'actor' },
  notReadmitted: {
    from: log,
    to: group,
    says: 'fails to write the new id of a static member',
    by: 'environment'
  },
  resigned: { from: broker, to: group, says: 'leads the partition no more', by: 'environment' },
  elected: { from: broker, to: group, says: 'leads the partition', by: 'actor' },
  turnCame: { from: broker, to: group, says: 'begins to load', by: 'actor' },
  loaded: { from: broker, to: group, says: 'has read the log', by: 'actor' }
} satisfies Record<string, Action | readonly Action[]>

const refusing = new Map<Action, Action>()
function refusedBy(action: Action): Action {
  const known = refusing.get(action)
  if (known !== undefined) return known
  const made: Action = { ...action, says: `${action.says}, and the log refuses the write`, by: 'environment' }
  refusing.set(action, made)
  return made
}

export function groupModel(bounds: GroupBounds, overrides: GroupModelOverrides = {}): Model<GroupModelState> {
  const coordinator = new Coordinator(overrides)
  const requests = new Requests(coordinator)

  return {
    name: 'group',
    about: `a classic group: ${bounds.clients} clients, ${bounds.statics} of them static${bounds.twins ? ' and the same instance' : ''}, disturbed ${bounds.disturbances} times`,
    parts: [...clientNames.slice(0, bounds.clients), group, log, broker],
    initial: () => initial(bounds, coordinator),
    next(state, step) {
      if (state.wrong !== 'nothing') return
      /** Also with a log that refuses, where it was asked. */
      const offer = (action: Action, change: (after: GroupModelState) => void): void => {
        const after = copyOf(state)
        change(after)
        step(action, after)
        if (!after.logAsked || !mayStill(state, 'refusals')) return
        const refused = copyOf(state)
        refused.logRefuses = true
        useUp(refused, 'refusals')
        change(refused)
        step(refusedBy(action), refused)
      }
      const steps: Steps = { state, bounds, coordinator, requests, offer }
      for (let at = 0; at < bounds.clients; at++) clientSteps(steps, at)
      timerSteps(steps)
      logSteps(steps)
      partitionSteps(steps)
    },
    key: keyOf,
    show: state => shown(state, coordinator),
    mayRest: state => isSettled(coordinator, state),
    ...groupProperties(coordinator)
  }
}

interface Steps {
  readonly state: GroupModelState
  readonly bounds: GroupBounds
  readonly coordinator: Coordinator
  readonly requests: Requests
  offer(action: Action, change: (after: GroupModelState) => void): void
}

function initial(
  { clients, statics, twins, ...left }: GroupBounds,
  coordinator: Coordinator
): GroupModelState {
  const instanceOf = (at: number): number => (at < statics ? (twins ? 0 : at) : -1)
  const out = { phase: 'out', id: 0, generation: 0, assignment: 0, leads: false } as const
  return {
    partition: coordinator.partition.initial,
    group: coordinator.group.initial,
    generation: 0,
    timer: 'none',
    entries: [],
    clients: Array.from({ length: clients }, (_, at) => ({ ...out, instance: instanceOf(at) })),
    storing: [],
    assigned: 0,
    readmissions: [],
    log: null,
    shared: { generation: 0, assignment: 0 },
    ids: 0,
    assignments: 0,
    left,
    wrong: 'nothing',
    commit: 'none',
    logRefuses: false,
    logAsked: false
  }
}

const actionOf = (list: readonly Action[], at: number): Action => list[at] ?? actions.elected

function clientSteps(steps: Steps, at: number): void {
  const { state, coordinator, requests, offer } = steps
  const client = clientAt(state, at)
  const { phase } = client
  if (phase === 'gone') return
  if (mayStill(state, 'deaths')) {
    offer(actionOf(actions.die, at), after => {
      useUp(after, 'deaths')
      clientAt(after, at).phase = 'gone'
      requests.disconnect(after, at)
    })
  }
  if (phase === 'owns' && mayStill(state, 'commits')) {
    offer(actionOf(actions.commit, at), after => {
      useUp(after, 'commits')
      requests.commit(after, at)
    })
  }
  // While nobody serves them, clients look for the coordinator and ask again.
  if (!coordinator.isOwned(state)) return
  if (phase === 'out' || phase === 'named' || phase === 'mustJoin') {
    offer(actionOf(actions.join, at), after => requests.join(after, at))
  } else if (phase === 'joined') offer(actionOf(actions.sync, at), after => requests.sync(after, at))
  else if (phase === 'owns') ownerSteps(steps, at)
  if (mayStill(state, 'leaves') && client.id !== 0 && phase !== 'joining' && phase !== 'syncing') {
    offer(actionOf(actions.leave, at), after => {
      useUp(after, 'leaves')
      requests.leave(after, at)
    })
  }
  if (mayStill(state, 'resets')) disruptions(steps, at)
}

function ownerSteps({ state, requests, offer }: Steps, at: number): void {
  const told = requests.heartbeat(state, at)
  if (told !== 'NONE') offer(actionOf(actions.heartbeat, at), after => failed(clientAt(after, at), told))
  if (!mayStill(state, 'changes')) return
  offer(actionOf(actions.joinChanged, at), after => {
    useUp(after, 'changes')
    requests.join(after, at, true)
  })
}

function disruptions({ state, requests, offer }: Steps, at: number): void {
  const { phase, id, instance } = clientAt(state, at)
  if (phase === 'joining' || phase === 'syncing') {
    offer(actionOf(actions.disconnect, at), after => {
      useUp(after, 'resets')
      requests.disconnect(after, at)
      clientAt(after, at).phase = id === 0 ? 'out' : 'mustJoin'
    })
  }
  const mayRestart = phase !== 'out' && (instance >= 0 || phase === 'named')
  if (!mayRestart) return
  offer(actionOf(actions.restart, at), after => {
    useUp(after, 'resets')
    requests.disconnect(after, at)
    Object.assign(clientAt(after, at), { phase: 'out', id: 0, generation: 0, assignment: 0, leads: false })
  })
}

function timerSteps({ state, coordinator, offer }: Steps): void {
  const fire = (event: string) => (after: GroupModelState) => {
    after.timer = 'none'
    coordinator.send(after, event)
    coordinator.settle(after)
  }
  const slow = (change: (after: GroupModelState) => void) => (after: GroupModelState) => {
    useUp(after, 'slow')
    change(after)
  }
  if (state.timer === 'delay') {
    offer(actions.delayOver, fire('delayOver'))
    if (coordinator.phase(state) === 'gatheringMore') offer(actions.delayUsedUp, fire('timeUp'))
  } else if (state.timer !== 'none') {
    // A client that lives is faster than the timer, except as often as `slow` says.
    const awaited = state.entries.filter(entry => isAwaited(coordinator, state, entry))
    if (awaited.every(entry => isDead(state, entry))) offer(actions.timeUp, fire('timeUp'))
    else if (mayStill(state, 'slow')) offer(actions.timeUpEarly, slow(fire('timeUp')))
  }
  state.entries.forEach((entry, index) => {
    const isHeard =
      !entry.isPending && coordinator.member.step(entry.machine, 'expire').state === entry.machine
    if (isHeard) return
    const expire = (after: GroupModelState): void => {
      const same = after.entries[index]
      if (same !== undefined) coordinator.expire(after, same)
    }
    if (isDead(state, entry)) offer(actions.expire, expire)
    else if (mayStill(state, 'slow')) offer(actions.expireEarly, slow(expire))
  })
}

/** Whether the group's timer runs for it. */
function isAwaited(coordinator: Coordinator, { timer }: GroupModelState, entry: Entry): boolean {
  if (timer === 'joins') return entry.isPending || !coordinator.hasJoined(entry)
  return !entry.isPending && coordinator.memberState(entry) === 'unsynced'
}

function logSteps({ state, coordinator, offer }: Steps): void {
  const stored = (isStored: boolean) => (after: GroupModelState) => {
    const generation = after.storing.shift() ?? 0
    if (!isStored) useUp(after, 'refusals')
    coordinator.stored(after, generation, isStored)
  }
  const readmitted = (isStored: boolean) => (after: GroupModelState) => {
    const readmission = after.readmissions.shift()
    if (!isStored) useUp(after, 'refusals')
    if (readmission !== undefined) coordinator.readmitted(after, readmission, isStored)
  }
  const mayFail = mayStill(state, 'refusals')
  if (state.storing.length > 0) {
    offer(actions.acknowledged, stored(true))
    if (mayFail) offer(actions.unacknowledged, stored(false))
  }
  if (state.readmissions.length === 0) return
  offer(actions.readmitted, readmitted(true))
  if (mayFail) offer(actions.notReadmitted, readmitted(false))
}

function partitionSteps({ state, bounds, coordinator, offer }: Steps): void {
  const send = (event: string) => (after: GroupModelState) =>
    coordinator.sendPartition(after, event, bounds.unloads - after.left.unloads)
  const name = coordinator.partition.name(state.partition)
  if (name === 'notOwned') offer(actions.elected, send('elected'))
  else if (mayStill(state, 'unloads')) {
    offer(actions.resigned, after => {
      useUp(after, 'unloads')
      send('resigned')(after)
    })
  }
  if (name === 'queued') offer(actions.turnCame, send('turnCame'))
  if (name === 'loading') offer(actions.loaded, send('loaded'))
}

function shown(state: GroupModelState, coordinator: Coordinator): Record<string, string> {
  const members = state.entries.map(entry => {
    const name = entry.isPending ? 'pending' : coordinator.memberState(entry)
    return `${entry.id}${entry.leads ? '*' : ''} ${name}`
  })
  const clients = state.clients.map(({ phase, id, generation, assignment }, at) => [
    clientNames[at] ?? '',
    `${phase}, id ${id}, generation ${generation}, assignment ${assignment}`
  ])
  const record = state.log
  return {
    ...Object.fromEntries(clients),
    [group]: `${coordinator.phase(state)}, generation ${state.generation}, timer ${state.timer}: ${members.join(', ')}`,
    [log]:
      record === null
        ? 'empty'
        : `generation ${record.generation}, assignment ${record.assignment}, members ${record.members.map(({ id }) => id).join(' ')}`,
    [broker]: coordinator.partition.name(state.partition)
  }
}

/** Of each kind one; how many together is the bound. */
const once = { deaths: 1, leaves: 1, resets: 1, changes: 1, slow: 1, unloads: 1, refusals: 1, commits: 1 }

export const groupEntry = modelEntry(bound => {
  switch (bound) {
    case 'small':
      return groupModel({ clients: 2, statics: 1, twins: false, ...once, disturbances: 1 })
    case 'large':
      return groupModel({ clients: 2, statics: 1, twins: false, ...once, disturbances: 2 })
    case 'huge':
      return groupModel({ clients: 3, statics: 1, twins: false, ...once, disturbances: 4 })
  }
})

export const groupTwinsEntry = modelEntry(
  (bound): Model<GroupModelState> => ({
    ...groupModel({ clients: 2, statics: 2, twins: true, ...once, disturbances: bound === 'small' ? 1 : 2 }),
    name: 'group-twins',
    sometimes: [
      {
        says: 'one of them is fenced, the other one has its place',
        holds: ({ clients, left }) =>
          left.deaths + left.leaves === 2 &&
          clients.some(client => client.phase === 'gone') &&
          clients.some(client => client.phase === 'owns')
      }
    ]
  })
)

export const groupOfThreeEntry = modelEntry((bound): Model<GroupModelState> => {
  const few = { ...once, leaves: 0, changes: 0, resets: 0, commits: 0, unloads: 0 }
  return {
    ...groupModel({
      ...{ clients: 3, statics: 1, twins: false, disturbances: 1 },
      ...(bound === 'small' ? { ...few, slow: 0, refusals: 0 } : few)
    }),
    name: 'group-of-three',
    sometimes: [
      {
        says: 'all three own a part of one generation',
        holds: ({ clients, generation }) =>
          clients.every(client => client.phase === 'owns' && client.generation === generation)
      }
    ]
  }
})
