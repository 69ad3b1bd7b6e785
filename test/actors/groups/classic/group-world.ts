// A home for groups without a broker: simulated time, a log that accepts what the test lets it, and clients that speak the
// four requests. What was answered, and what still waits, can be asked at any time.

import { emptyImage } from '../../../../src/actors/controller/metadata-image.js'
import type { ClassicGroup } from '../../../../src/actors/groups/classic/classic-group.js'
import { joinGroup } from '../../../../src/actors/groups/classic/join.js'
import { leaveGroup } from '../../../../src/actors/groups/classic/leave.js'
import { heartbeat, syncGroup } from '../../../../src/actors/groups/classic/sync.js'
import type { Group, GroupHome } from '../../../../src/actors/groups/group.js'
import type { Operations } from '../../../../src/actors/groups/group-operations.js'
import type { GroupRecord } from '../../../../src/actors/groups/group-record.js'
import { type GroupSettings, groupSettings } from '../../../../src/actors/groups/group-settings.js'
import type { Eventually } from '../../../../src/actors/replicas/partition-commands.js'
import { loggerFor, silentSink } from '../../../../src/actors/runtime/log.js'
import { loadBrokerConfig } from '../../../../src/config/broker-config.js'
import { type ErrorName, errorName } from '../../../../src/protocol/error-codes.js'
import type { GroupMetadataValue } from '../../../../src/protocol/messages/group-metadata.js'

const { config } = loadBrokerConfig({ overrides: { 'broker.id': '1' } })

/** An answer that may not be there yet. */
export interface Answer<T> {
  value: T | undefined
  times: number
}

type JoinRequest = Operations['joinGroup']['request']
type SyncRequest = Operations['syncGroup']['request']

export interface Joining extends Partial<JoinRequest> {
  readonly version?: number
  readonly clientId?: string
}

interface Timer {
  readonly atMs: number
  readonly order: number
  readonly run: () => void
}

export class GroupWorld {
  readonly home: GroupHome
  /** What the log has, the newest last. */
  readonly written: GroupMetadataValue[] = []
  /** What the log answers: an error, or 'later' for one that is answered by `acknowledge`. */
  log: ErrorName | 'later' = 'NONE'
  #nowMs = 1_000_000
  #timers = new Set<Timer>()
  #order = 0
  #ids = 0
  readonly #appends: ((error: ErrorName) => void)[] = []

  constructor(settings: Partial<GroupSettings> = {}) {
    this.home = {
      partition: 7,
      groups: new Map<string, Group>(),
      settings: {
        ...groupSettings(config),
        ...settings
      },
      logger: loggerFor('test', silentSink),
      nowMs: () => this.#nowMs,
      metadata: () => emptyImage,
      after: (delayMs, run) => {
        const timer = { atMs: this.#nowMs + delayMs, order: this.#order++, run }
        this.#timers.add(timer)
        return () => this.#timers.delete(timer)
      },
      newMemberId: prefix => `${prefix}-${++this.#ids}`,
      append: records => this.#append(records)
    }
  }

  get group(): ClassicGroup {
    return this.home.groups.get('g') as ClassicGroup
  }

  get nowMs(): number {
    return this.#nowMs
  }

  get timers(): number {
    return this.#timers.size
  }

  #append(records: readonly GroupRecord[]): Eventually<ErrorName> {
    const isTaken = this.log === 'NONE' || this.log === 'later'
    for (const record of isTaken ? records : []) {
      if (record.kind === 'groupMetadata' && record.value !== null) this.written.push(record.value)
    }
    return this.log === 'later' ? new Promise(resolve => this.#appends.push(resolve)) : this.log
  }

  /** The oldest append that waits. */
  async acknowledge(error: ErrorName = 'NONE'): Promise<void> {
    this.#appends.shift()?.(error)
    await settled()
  }

  get unacknowledged(): number {
    return this.#appends.length
  }

  /** Time passes; timers run in their order. */
  async pass(ms: number): Promise<void> {
    const end = this.#nowMs + ms
    for (;;) {
      const due = [...this.#timers].filter(({ atMs }) => atMs <= end)
      const [next] = due.sort((a, b) => a.atMs - b.atMs || a.order - b.order)
      if (next === undefined) break
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      this.#timers.delete(next)
      next.run()
      await settled()
    }
    this.#nowMs = end
    await settled()
  }

  join({ version = 5, clientId = 'c', ...request }: Joining = {}): Answer<Operations['joinGroup']['answer']> {
    const whole: JoinRequest = {
      groupId: 'g',
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 60_000,
      memberId: '',
      groupInstanceId: null,
      protocolType: 'consumer',
      protocols: [protocol('range')],
      reason: null,
      ...request
    }
    return answerOf(joinGroup(this.home, whole, { apiVersion: version, clientId, clientHost: '/h' }))
  }

  sync(request: Partial<SyncRequest>): Answer<Operations['syncGroup']['answer']> {
    const whole: SyncRequest = {
      groupId: 'g',
      generationId: this.group?.generation ?? 0,
      memberId: '',
      groupInstanceId: null,
      protocolType: null,
      protocolName: null,
      assignments: [],
      ...request
    }
    return answerOf(syncGroup(this.home, whole, caller(3)))
  }

  heartbeat(
    memberId: string,
    generationId = this.group?.generation ?? 0,
    groupInstanceId: string | null = null
  ): ErrorName {
    const request = { groupId: 'g', memberId, generationId, groupInstanceId }
    return errorName((heartbeat(this.home, request, caller(3)) as { errorCode: number }).errorCode)
  }

  leave(
    members: readonly { memberId: string; groupInstanceId: string | null }[],
    version = 3
  ): { error: ErrorName; members: ErrorName[] } {
    const request = {
      groupId: 'g',
      memberId: version < 3 ? (members[0]?.memberId ?? '') : '',
      members: members.map(member => ({ ...member, reason: null }))
    }
    const answer = leaveGroup(this.home, request, caller(version)) as Operations['leaveGroup']['answer']
    return {
      error: errorName(answer.errorCode ?? 0),
      members: (answer.members ?? []).map(({ errorCode = 0 }) => errorName(errorCode))
    }
  }

  /** New dynamic members (v3: at once), all in one generation, each with its own name as assignment. */
  async stable(count: number): Promise<string[]> {
    const joins = Array.from({ length: count }, (_, index) =>
      this.join({ version: 3, clientId: `c${index}` })
    )
    await this.gathered()
    const ids = joins.map(({ value }) => value?.memberId ?? '')
    await this.syncAll(ids)
    return ids
  }

  /** The initial delay of a new group goes by. */
  async gathered(): Promise<void> {
    while (this.group.phase.startsWith('gathering')) await this.pass(1_000)
  }

  /** Followers first. */
  async syncAll(ids: readonly string[]): Promise<Answer<Operations['syncGroup']['answer']>[]> {
    const leader = this.group.members.leaderId
    const assignments = ids.map(memberId => ({ memberId, assignment: Buffer.from(memberId) }))
    const followers = ids.filter(id => id !== leader).map(memberId => this.sync({ memberId }))
    const led = ids.includes(leader) ? [this.sync({ memberId: leader, assignments })] : []
    await settled()
    return [...followers, ...led]
  }
}

export const protocol = (name: string, metadata = 'topics') => ({ name, metadata: Buffer.from(metadata) })

const caller = (apiVersion: number) => ({ apiVersion, clientId: 'c', clientHost: '/h' })

export function answerOf<T>(eventually: Eventually<T>): Answer<T> {
  const answer: Answer<T> = { value: undefined, times: 0 }
  const take = (value: T): void => {
    answer.value = value
    answer.times++
  }
  if (eventually instanceof Promise) void eventually.then(take)
  else take(eventually)
  return answer
}

/** Lets promises go on. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve()
}

/** undefined: it waits. */
export function errorIn(answer: Answer<{ readonly errorCode?: number | undefined }>): ErrorName | undefined {
  return answer.value === undefined ? undefined : errorName(answer.value.errorCode ?? 0)
}
