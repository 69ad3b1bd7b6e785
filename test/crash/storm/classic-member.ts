// A member of the classic protocol: joins, syncs (as the leader with an assignment by ranges), reads, commits and sends
// heartbeats, until it leaves or is killed.
import { errorName } from '../../../src/protocol/error-codes.js'
import { heartbeatRequest, heartbeatResponse } from '../../../src/protocol/messages/heartbeat.js'
import { joinGroupRequest, joinGroupResponse } from '../../../src/protocol/messages/join-group.js'
import { leaveGroupRequest, leaveGroupResponse } from '../../../src/protocol/messages/leave-group.js'
import { syncGroupRequest, syncGroupResponse } from '../../../src/protocol/messages/sync-group.js'
import { WireClient } from '../../support/wire-client.js'
import { type Identity, type Journal, positions, readSome } from './reader.js'

const join = [joinGroupRequest, joinGroupResponse] as const
const sync = [syncGroupRequest, syncGroupResponse] as const
const beat = [heartbeatRequest, heartbeatResponse] as const
const leave = [leaveGroupRequest, leaveGroupResponse] as const

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

export interface MemberWorld {
  readonly bootstrap: string
  readonly groupId: string
  readonly partitions: number
  readonly journal: Journal
  readonly sessionTimeoutMs: number
}

export class ClassicMember {
  /** What it was told in the newest generation; empty while it joins. */
  owned: readonly number[] = []
  generation = -1
  memberId = ''
  readonly ended: Promise<void>
  readonly #world: MemberWorld
  readonly #client: WireClient
  #mode: 'lives' | 'leaves' | 'killed' = 'lives'

  private constructor(world: MemberWorld, client: WireClient) {
    this.#world = world
    this.#client = client
    this.ended = this.#run()
  }

  static async start(world: MemberWorld): Promise<ClassicMember> {
    return new ClassicMember(world, await WireClient.connect(world.bootstrap))
  }

  leave(): void {
    this.#mode = 'leaves'
  }

  /** Its connection ends in the middle of whatever it does. */
  kill(): void {
    this.#mode = 'killed'
    this.owned = []
    this.#client.close()
  }

  async #run(): Promise<void> {
    try {
      while (this.#mode === 'lives') {
        if (!(await this.#joinAndSync())) await pause(20)
        else await this.#work()
      }
      if (this.#mode === 'leaves') await this.#leaveGroup()
    } catch (error) {
      if (this.#mode !== 'killed') throw error
    } finally {
      this.owned = []
      this.#client.close()
    }
  }

  get #identity(): Identity {
    const { generation, memberId } = this
    return { groupId: this.#world.groupId, memberId, generationIdOrMemberEpoch: generation }
  }

  async #joinAndSync(): Promise<boolean> {
    this.owned = []
    const { groupId, sessionTimeoutMs, partitions } = this.#world
    const joined = await this.#client.request(join, 5, {
      groupId,
      sessionTimeoutMs,
      rebalanceTimeoutMs: 2 * sessionTimeoutMs,
      memberId: this.memberId,
      protocolType: 'storm',
      protocols: [{ name: 'range', metadata: Buffer.alloc(0) }]
    })
    if (errorName(joined.errorCode) === 'MEMBER_ID_REQUIRED') this.memberId = joined.memberId
    if (errorName(joined.errorCode) === 'UNKNOWN_MEMBER_ID') this.memberId = ''
    if (joined.errorCode !== 0) return false
    this.memberId = joined.memberId
    const { generationId, leader, members } = joined
    const ids = leader === this.memberId ? members.map(({ memberId }) => memberId).sort() : []
    const assignments = ids.map((memberId, index) => ({
      memberId,
      assignment: Buffer.from(rangeOf(index, ids.length, partitions))
    }))
    const synced = await this.#client.request(sync, 3, {
      groupId,
      generationId,
      memberId: this.memberId,
      assignments
    })
    if (errorName(synced.errorCode) === 'UNKNOWN_MEMBER_ID') this.memberId = ''
    if (synced.errorCode !== 0) return false
    this.generation = generationId
    this.owned = [...synced.assignment]
    this.#world.journal.assignments++
    return true
  }

  /** Until the group rebalances, or it is asked to leave. */
  async #work(): Promise<void> {
    const at = await positions(
      this.#client,
      { ...this.#identity, memberId: '', generationIdOrMemberEpoch: -1 },
      this.owned
    )
    if (typeof at === 'string') return
    while (this.#mode === 'lives') {
      const committed = await readSome(this.#client, this.#identity, at, this.#world.journal)
      if (committed === 'UNKNOWN_MEMBER_ID') this.memberId = ''
      if (committed !== 'NONE' && committed !== 'REBALANCE_IN_PROGRESS') return
      const { groupId } = this.#world
      const { memberId, generation: generationId } = this
      const { errorCode } = await this.#client.request(beat, 3, { groupId, generationId, memberId })
      if (errorName(errorCode) === 'UNKNOWN_MEMBER_ID') this.memberId = ''
      if (errorCode !== 0) return
      await pause(150)
    }
  }

  async #leaveGroup(): Promise<void> {
    this.owned = []
    if (this.memberId === '') return
    const members = [{ memberId: this.memberId }]
    await this.#client.request(leave, 4, { groupId: this.#world.groupId, members })
  }
}

function rangeOf(index: number, members: number, partitions: number): number[] {
  return Array.from({ length: partitions }, (_, partition) => partition).filter(
    partition => partition % members === index
  )
}
