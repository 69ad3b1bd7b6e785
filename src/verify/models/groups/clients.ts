// The clients' side of the model: consumers as Kafka's Java client, librdkafka and others are, as far as groups see them.
import type { Client, Entry, GroupModelState } from './state.js'

export type Answer =
  | 'NONE'
  | 'REBALANCE_IN_PROGRESS'
  | 'UNKNOWN_MEMBER_ID'
  | 'ILLEGAL_GENERATION'
  | 'FENCED_INSTANCE_ID'
  | 'NOT_COORDINATOR'

/** An answer to a request that waited: it reaches whoever asked, if the connection is still there. */
export function answered(
  state: GroupModelState,
  entry: Entry,
  { waits, waiter }: Pick<Entry, 'waits' | 'waiter'>,
  answer: Answer
): void {
  const client = state.clients[waiter]
  if (client === undefined || client.phase === 'gone') return
  const isAwaited = client.phase === (waits === 'join' ? 'joining' : 'syncing')
  if (!isAwaited) state.wrong = 'answeredTwice'
  if (answer !== 'NONE') {
    failed(client, answer)
    return
  }
  if (waits === 'join') admit(client, state, entry)
  else own(client, state, entry)
}

/** What a client is told that is in the present generation. */
export function admit(client: Client, state: GroupModelState, entry: Entry): void {
  client.phase = 'joined'
  client.id = entry.id
  client.generation = state.generation
  client.leads = entry.leads
}

function own(client: Client, state: GroupModelState, entry: Entry): void {
  const { shared } = state
  const isNew = client.generation > shared.generation
  // The same generation is the same assignment, for whoever is given a part of it, whenever.
  if (!isNew && (client.generation < shared.generation || entry.assignment !== shared.assignment))
    state.wrong = 'split'
  if (state.storing.includes(client.generation)) state.wrong = 'toldEarly'
  if (isNew) state.shared = { generation: client.generation, assignment: entry.assignment }
  client.phase = 'owns'
  client.assignment = entry.assignment
}

export function failed(client: Client, error: Answer): void {
  switch (error) {
    case 'UNKNOWN_MEMBER_ID':
      client.id = 0
      client.phase = 'out'
      return
    case 'FENCED_INSTANCE_ID':
      client.phase = 'gone'
      return
    default:
      client.phase = client.id === 0 ? 'out' : 'mustJoin'
  }
}

/** Nobody answers for it any more, or will come back with its id, or as its instance. */
export function isDead(
  { clients }: GroupModelState,
  { id, instance }: Pick<Entry, 'id' | 'instance'>
): boolean {
  return !clients.some(
    client => client.phase !== 'gone' && (instance >= 0 ? client.instance === instance : client.id === id)
  )
}
