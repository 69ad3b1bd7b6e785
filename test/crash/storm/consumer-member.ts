// A member of the new protocol (KIP-848): heartbeats, gives up what it no longer is to have before it says so, reads and commits
// what it has, until it leaves or is killed.
import { randomUUID } from 'node:crypto'
import { errorName } from '../../../src/protocol/error-codes.js'
import {
  consumerGroupHeartbeatRequest,
  consumerGroupHeartbeatResponse
} from '../../../src/protocol/messages/consumer-group-heartbeat.js'
import type { Uuid } from '../../../src/protocol/schema.js'
import { WireClient } from '../../support/wire-client.js'
import type { MemberWorld } from './classic-member.js'
import { type Identity, positions, readSome, topic } from './reader.js'

const heartbeat = [consumerGroupHeartbeatRequest, consumerGroupHeartbeatResponse] as const

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

interface Target {
  readonly topicPartitions: readonly { readonly topicId: Uuid; readonly partitions: readonly number[] }[]
}

export class ConsumerMember {
  generation = 0
  readonly memberId: string
  readonly ended: Promise<void>
  readonly #world: MemberWorld
  readonly #client: WireClient
  /** What it owns, and where it goes on in each. */
  readonly #at = new Map<number, number>()
  #topicId: Uuid | undefined
  #mode: 'lives' | 'leaves' | 'killed' = 'lives'

  private constructor(world: MemberWorld, client: WireClient, memberId: string) {
    this.#world = world
    this.#client = client
    this.memberId = memberId
    this.ended = this.#run()
  }

  static async start(world: MemberWorld): Promise<ConsumerMember> {
    const memberId = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url')
    return new ConsumerMember(world, await WireClient.connect(world.bootstrap), memberId)
  }

  get owned(): readonly number[] {
    return [...this.#at.keys()]
  }

  leave(): void {
    this.#mode = 'leaves'
  }

  kill(): void {
    this.#mode = 'killed'
    this.#giveUp(() => true)
    this.#client.close()
  }

  async #run(): Promise<void> {
    try {
      while (this.#mode === 'lives') {
        await this.#beat()
        const committed = await readSome(this.#client, this.#identity, this.#at, this.#world.journal)
        // An epoch that is behind is told by the next heartbeat; what was not committed is read again.
        if (committed !== 'NONE' && committed !== 'STALE_MEMBER_EPOCH') this.#fenced()
        await pause(150)
      }
      this.#giveUp(() => true)
      if (this.#mode === 'leaves') await this.#send(-1, null)
    } catch (error) {
      if (this.#mode !== 'killed') throw error
    } finally {
      this.#giveUp(() => true)
      this.#client.close()
    }
  }

  get #identity(): Identity {
    const { generation, memberId } = this
    return { groupId: this.#world.groupId, memberId, generationIdOrMemberEpoch: generation }
  }

  #send(memberEpoch: number, owned: readonly number[] | null) {
    const { groupId } = this.#world
    const topicPartitions =
      owned === null
        ? null
        : this.#topicId === undefined
          ? []
          : [{ topicId: this.#topicId, partitions: owned }]
    const subscription =
      memberEpoch === 0 ? { rebalanceTimeoutMs: 10_000, subscribedTopicNames: [topic] } : {}
    return this.#client.request(heartbeat, 1, {
      groupId,
      memberId: this.memberId,
      memberEpoch,
      ...subscription,
      topicPartitions
    })
  }

  async #beat(): Promise<void> {
    const sentMs = performance.now()
    const joins = this.generation === 0
    const answer = await this.#send(this.generation, joins ? [] : this.owned)
    const error = errorName(answer.errorCode)
    if (error === 'FENCED_MEMBER_EPOCH' || error === 'UNKNOWN_MEMBER_ID') this.#fenced()
    if (error !== 'NONE') return
    this.generation = answer.memberEpoch
    this.#world.journal.lives(this.memberId, sentMs + this.#world.sessionTimeoutMs)
    if (answer.assignment !== null) await this.#reconcile(answer.assignment, sentMs)
  }

  /** Gives up first; what is new it takes only when it knows where to go on. */
  async #reconcile({ topicPartitions }: Target, sentMs: number): Promise<void> {
    const target = new Set(topicPartitions.flatMap(({ partitions }) => partitions))
    this.#topicId = topicPartitions[0]?.topicId ?? this.#topicId
    this.#giveUp(partition => !target.has(partition))
    const added = [...target].filter(partition => !this.#at.has(partition))
    if (added.length === 0) return
    for (const partition of added) {
      this.#world.journal.takes(
        partition,
        this.memberId,
        performance.now(),
        sentMs + this.#world.sessionTimeoutMs
      )
    }
    const found = await positions(this.#client, this.#identity, added)
    for (const partition of added) {
      if (typeof found === 'string') this.#world.journal.gives(partition, this.memberId)
      else this.#at.set(partition, found.get(partition) ?? 0)
    }
    if (typeof found === 'string') this.#fenced()
  }

  #giveUp(which: (partition: number) => boolean): void {
    for (const partition of this.owned.filter(which)) {
      this.#at.delete(partition)
      this.#world.journal.gives(partition, this.memberId)
    }
  }

  /** It joins anew, with nothing. */
  #fenced(): void {
    this.#giveUp(() => true)
    this.generation = 0
  }
}
