// What members of both protocols do with the partitions they own: read from the committed offset on, commit, and write down who
// read what in which generation.
import { errorName } from '../../../src/protocol/error-codes.js'
import { offsetCommitRequest, offsetCommitResponse } from '../../../src/protocol/messages/offset-commit.js'
import { offsetFetchRequest, offsetFetchResponse } from '../../../src/protocol/messages/offset-fetch.js'
import { fetch } from '../../broker/support.js'
import type { WireClient } from '../../support/wire-client.js'

export const topic = 'storm'

/** Who read what. A record that two members read is a violation if they owned its partition in one generation. */
export class Journal {
  readonly violations: string[] = []
  readonly #readers = new Map<string, string>()
  /** By partition: who owns it, and until when that holds though nothing more is heard. */
  readonly #owners = new Map<number, { readonly member: string; untilMs: number }>()
  reads = 0
  assignments = 0

  /** One past the newest record that somebody read, by partition. */
  readonly ends = new Map<number, number>()

  read(generation: string, partition: number, from: number, to: number, member: string): void {
    this.reads += to - from
    this.ends.set(partition, Math.max(this.ends.get(partition) ?? 0, to))
    const key = `${generation}/${partition}`
    const other = this.#readers.get(key)
    this.#readers.set(key, member)
    if (other !== undefined && other !== member)
      this.violations.push(`${other} and ${member} read partition ${partition} in generation ${generation}`)
  }

  /** For members that are given partitions one by one: another that lives must have given it up. */
  takes(partition: number, member: string, nowMs: number, untilMs: number): void {
    this.assignments++
    const owner = this.#owners.get(partition)
    if (owner !== undefined && owner.member !== member && owner.untilMs > nowMs)
      this.violations.push(`${member} was given partition ${partition}, which ${owner.member} has`)
    this.#owners.set(partition, { member, untilMs })
  }

  /** The coordinator has heard of it. */
  lives(member: string, untilMs: number): void {
    for (const owner of this.#owners.values()) if (owner.member === member) owner.untilMs = untilMs
  }

  gives(partition: number, member: string): void {
    if (this.#owners.get(partition)?.member === member) this.#owners.delete(partition)
  }
}

const commit = [offsetCommitRequest, offsetCommitResponse] as const
const fetchOffsets = [offsetFetchRequest, offsetFetchResponse] as const

export interface Identity {
  readonly groupId: string
  readonly memberId: string
  readonly generationIdOrMemberEpoch: number
}

/** Where to go on, by partition; an error means that it is no member any more, or has to wait. */
export async function positions(
  client: WireClient,
  { groupId, memberId, generationIdOrMemberEpoch }: Identity,
  partitionIndexes: readonly number[]
): Promise<Map<number, number> | string> {
  const memberEpoch = generationIdOrMemberEpoch
  const { groups } = await client.request(fetchOffsets, 9, {
    groups: [{ groupId, memberId, memberEpoch, topics: [{ name: topic, partitionIndexes }] }]
  })
  const group = groups[0]
  if (group === undefined) return 'no group in the answer'
  if (group.errorCode !== 0) return errorName(group.errorCode)
  return new Map(
    group.topics[0]?.partitions.map(each => [each.partitionIndex, Math.max(0, Number(each.committedOffset))])
  )
}

/** Reads what there is of its partitions, and commits; an error of the commit means that it has to stop. */
export async function readSome(
  client: WireClient,
  identity: Identity,
  at: Map<number, number>,
  journal: Journal
): Promise<string> {
  if (at.size === 0) return 'NONE'
  const partitions = [...at].map(([partition, offset]) => ({
    partition,
    fetchOffset: BigInt(offset),
    partitionMaxBytes: 20_000
  }))
  const { responses } = await client.request(fetch, 11, {
    replicaId: -1,
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes: 500_000,
    sessionEpoch: -1,
    topics: [{ topic, partitions }]
  })
  const read: { partitionIndex: number; committedOffset: bigint; committedMetadata: string }[] = []
  for (const { partitionIndex, records } of responses[0]?.partitions ?? []) {
    const from = at.get(partitionIndex)
    if (from === undefined) continue
    const to = endOf(records ?? Buffer.alloc(0), from)
    if (to === from) continue
    const generation = String(identity.generationIdOrMemberEpoch)
    journal.read(generation, partitionIndex, from, to, identity.memberId)
    at.set(partitionIndex, to)
    read.push({ partitionIndex, committedOffset: BigInt(to), committedMetadata: '' })
  }
  if (read.length === 0) return 'NONE'
  const answer = await client.request(commit, 9, {
    ...identity,
    topics: [{ name: topic, partitions: read }]
  })
  const failed = answer.topics[0]?.partitions.find(each => each.errorCode !== 0)
  return failed === undefined ? 'NONE' : errorName(failed.errorCode)
}

/** One past the last record of the whole batches in there: base offset at 0, length at 8, last offset delta at 23. */
function endOf(records: Buffer, from: number): number {
  let end = from
  for (let at = 0; at + 61 <= records.length; ) {
    const bytes = 12 + records.readInt32BE(at + 8)
    if (at + bytes > records.length) break
    end = Math.max(end, Number(records.readBigInt64BE(at)) + records.readInt32BE(at + 23) + 1)
    at += bytes
  }
  return end
}
