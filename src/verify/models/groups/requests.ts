// What clients ask of the coordinator, as join.ts, sync.ts and leave.ts decide it.
import { type Answer, admit, failed } from './clients.js'
import type { Coordinator } from './coordinator.js'
import type { Client, Entry, GroupModelState } from './state.js'

export class Requests {
  readonly #coordinator: Coordinator

  constructor(coordinator: Coordinator) {
    this.#coordinator = coordinator
  }

  #refusal(state: GroupModelState, { id, instance }: Client): Answer {
    const entry = this.#coordinator.find(state, id)
    if (entry !== undefined) return 'NONE'
    const isReplaced = instance >= 0 && state.entries.some(entry => entry.instance === instance)
    return isReplaced ? 'FENCED_INSTANCE_ID' : 'UNKNOWN_MEMBER_ID'
  }

  /** `hasChanged`: its metadata is not what it was. */
  join(state: GroupModelState, at: number, hasChanged = false): void {
    const client = clientAt(state, at)
    if (client.id === 0) {
      this.#joinNew(state, at, client)
      return
    }
    const coordinator = this.#coordinator
    const refusal = this.#refusal(state, client)
    const entry = coordinator.find(state, client.id)
    if (refusal !== 'NONE' || entry === undefined) {
      failed(client, refusal)
      return
    }
    client.phase = 'joining'
    if (entry.isPending) {
      coordinator.add(state, entry, at)
      return
    }
    const phase = coordinator.phase(state)
    const goesOn = phase === 'stable' ? !entry.leads : phase === 'completing' || phase === 'storing'
    if (goesOn && !hasChanged) {
      admit(client, state, entry)
      return
    }
    coordinator.step(state, entry, 'join', 'REBALANCE_IN_PROGRESS', { waits: 'join', waiter: at })
    coordinator.changed(state)
  }

  #joinNew(state: GroupModelState, at: number, client: Client): void {
    const coordinator = this.#coordinator
    const id = ++state.ids
    if (client.instance < 0) {
      client.id = id
      client.phase = 'named'
      const pending = { id, instance: -1, isPending: true, machine: coordinator.member.initial }
      state.entries.push({ ...pending, waits: 'nothing', waiter: -1, assignment: 0, leads: false })
      return
    }
    client.phase = 'joining'
    const former = state.entries.find(({ instance }) => instance === client.instance)
    if (former === undefined) coordinator.add(state, { id, instance: client.instance }, at)
    else coordinator.replace(state, former, id, at)
  }

  sync(state: GroupModelState, at: number): void {
    const coordinator = this.#coordinator
    const client = clientAt(state, at)
    const entry = this.#member(state, client)
    if (entry === undefined) return
    client.phase = 'syncing'
    coordinator.step(state, entry, 'sync', 'REBALANCE_IN_PROGRESS', { waits: 'sync', waiter: at })
    if (!state.entries.some(other => coordinator.memberState(other) === 'unsynced')) state.timer = 'none'
    const phase = coordinator.phase(state)
    if (phase === 'stable') coordinator.step(state, entry, 'share', 'NONE')
    else if (phase === 'completing' && entry.leads) coordinator.send(state, 'assigned')
  }

  /** The member of the present generation, or the client is told why it is not. */
  #member(state: GroupModelState, client: Client): Entry | undefined {
    const coordinator = this.#coordinator
    const refusal = this.#refusal(state, client)
    const entry = coordinator.find(state, client.id)
    if (refusal !== 'NONE' || entry === undefined) {
      failed(client, refusal)
      return undefined
    }
    const isPast = client.generation !== state.generation
    if (!isPast && !coordinator.hasJoined(entry) && !coordinator.isPreparing(state)) return entry
    failed(client, isPast ? 'ILLEGAL_GENERATION' : 'REBALANCE_IN_PROGRESS')
    return undefined
  }

  /** What a heartbeat tells: NONE where the client goes on as before. */
  heartbeat(state: GroupModelState, at: number): Answer {
    const client = clientAt(state, at)
    const refusal = this.#refusal(state, client)
    if (refusal !== 'NONE') return refusal
    if (client.generation !== state.generation) return 'ILLEGAL_GENERATION'
    return this.#coordinator.isPreparing(state) ? 'REBALANCE_IN_PROGRESS' : 'NONE'
  }

  commit(state: GroupModelState, at: number): void {
    const { id, generation } = clientAt(state, at)
    const isAccepted = this.#coordinator.isOwned(state) && this.#coordinator.mayCommit(state, id, generation)
    state.commit = isAccepted ? 'accepted' : 'refused'
    // Somebody else may own what this one commits for.
    if (isAccepted && generation < state.shared.generation) state.wrong = 'commitOfThePast'
  }

  leave(state: GroupModelState, at: number): void {
    const coordinator = this.#coordinator
    const client = clientAt(state, at)
    const entry = coordinator.find(state, client.id)
    client.phase = 'gone'
    if (entry === undefined) return
    if (entry.isPending) {
      state.entries = state.entries.filter(other => other !== entry)
      coordinator.settle(state)
      return
    }
    coordinator.drop(state, entry)
    coordinator.changed(state)
  }

  /** Its connection is closed: a request that waits is answered to nobody. */
  disconnect(state: GroupModelState, at: number): void {
    for (const entry of state.entries) if (entry.waiter === at) entry.waiter = -1
  }
}

export function clientAt({ clients }: GroupModelState, at: number): Client {
  const client = clients[at]
  if (client === undefined) throw new RangeError(`there is no client ${at}`)
  return client
}
