// Consumer groups as the page shows them: a line each, and one of them with its members and how far behind it is.
import type { GroupDetails, GroupLook, MemberLook } from '../../actors/groups/group-look.js'
import type { BrokerSnapshot } from '../snapshot.js'
import type { PageRoute } from './routes.js'
import { matcher, type Rows, windowOf } from './rows.js'

export interface GroupSource {
  snapshot(): Promise<BrokerSnapshot>
  groups(): Promise<readonly GroupLook[]>
  group(groupId: string): Promise<GroupDetails | undefined>
}

/** `/api/groups?q=`, `/api/group?id=` */
export function groupRoutes(source: GroupSource): Record<string, PageRoute> {
  return {
    '/api/groups': async query => json(groupRows(await source.groups(), query)),
    '/api/group': async query => {
      const found = await source.group(query.get('id') ?? '')
      if (found === undefined) return json({ error: 'There is no such group now.' })
      const snapshot = await source.snapshot()
      return json({ broker: snapshot.broker, ...groupAnswer(found, snapshot) })
    }
  }
}

const json = (value: unknown) => ({ type: 'application/json', body: JSON.stringify(value) }) as const

export function groupRows(groups: readonly GroupLook[], query: URLSearchParams): Rows<GroupLook> {
  const wanted = matcher(query.get('q'))
  return windowOf(
    groups
      .filter(({ groupId, state, kind, protocolType, protocol }) =>
        wanted(groupId, state, kind, protocolType, protocol)
      )
      .sort((a, b) => a.groupId.localeCompare(b.groupId)),
    query
  )
}

export interface GroupAnswer extends GroupLook {
  readonly memberLooks: readonly MemberLook[]
  readonly partitions: readonly GroupPartition[]
  /** Of the partitions whose end is known; `unknown`: how many others there are. */
  readonly lag: number
  readonly unknown: number
}

export interface GroupPartition {
  readonly topic: string
  readonly partition: number
  /** null: nothing is committed. */
  readonly committed: number | null
  /** High watermark; null: the partition is not there. */
  readonly end: number | null
  /** null: one of the two is not known. */
  readonly lag: number | null
  readonly committedAtMs: number | null
  readonly metadata: string
  /** Of the member that reads it; '' where nobody does. */
  readonly memberId: string
}

/** Every partition that it has committed, or that a member reads. */
export function groupAnswer(
  { committed, memberLooks, ...look }: GroupDetails,
  { logs }: Pick<BrokerSnapshot, 'logs'>
): GroupAnswer {
  const ends = new Map(logs.map(log => [keyOf(log), log.highWatermark]))
  const readers = new Map(
    memberLooks.flatMap(({ memberId, assigned = [] }) =>
      assigned.flatMap(({ topic, partitions }) =>
        partitions.map(partition => [keyOf({ topic, partition }), { topic, partition, memberId }] as const)
      )
    )
  )
  const known = new Map(committed.map(each => [keyOf(each), each]))
  const all = new Map(
    [...readers, ...known].map(([key, { topic, partition }]) => [key, { topic, partition }])
  )
  const partitions = [...all]
    .map(([key, place]): GroupPartition => {
      const [offset, end] = [known.get(key)?.offset ?? null, ends.get(key) ?? null]
      return {
        ...place,
        committed: offset,
        end,
        lag: offset === null || end === null ? null : Math.max(0, end - offset),
        committedAtMs: known.get(key)?.committedAtMs ?? null,
        metadata: known.get(key)?.metadata ?? '',
        memberId: readers.get(key)?.memberId ?? ''
      }
    })
    .sort((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition)
  return {
    ...look,
    memberLooks,
    partitions,
    lag: partitions.reduce((sum, { lag }) => sum + (lag ?? 0), 0),
    unknown: partitions.filter(({ lag }) => lag === null).length
  }
}

const keyOf = ({ topic, partition }: { readonly topic: string; readonly partition: number }): string =>
  `${topic}-${partition}`
