// Goal: in whatever order clients, timers, the log and loads act, every request is answered once, an assignment is never
// split, and the group comes to rest with all that live. Method: the real operations, driven at random from seeds.
import { expect, it } from 'vitest'
import { ClassicGroup } from '../../../../src/actors/groups/classic/classic-group.js'
import type { ErrorName } from '../../../../src/protocol/error-codes.js'
import { type Answer, errorIn, GroupWorld, protocol, settled } from './group-world.js'

type Join = ReturnType<GroupWorld['join']>
type Sync = ReturnType<GroupWorld['sync']>

/** Repeats itself: an order that fails is found again by its seed. */
function randomFrom(seed: number): (bound: number) => number {
  let state = seed
  return bound => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state >>> 8) % bound
  }
}

class Day {
  readonly world = new GroupWorld({ initialRebalanceDelayMs: 500 })
  readonly answers: Answer<unknown>[] = []
  /** Generation -> the assignment that its members were given parts of. */
  readonly shared = new Map<number, string>()
  readonly random: (bound: number) => number
  assignments = 0
  isOwned = true

  constructor(seed: number) {
    this.random = randomFrom(seed)
  }

  unload(): void {
    this.isOwned = false
    this.world.home.groups.get('g')?.unload('NOT_COORDINATOR')
    this.world.home.groups.delete('g')
  }

  load(): void {
    this.isOwned = true
    const record = this.world.written.at(-1)
    const { home } = this.world
    if (record !== undefined) home.groups.set('g', ClassicGroup.fromRecord(home, 'g', record))
  }
}

class Client {
  readonly #day: Day
  readonly #instance: string | null
  readonly #version: number
  isAlive = true
  memberId = ''
  generation = 0
  metadata = 'topics'
  #join: Join | undefined
  #sync: Sync | undefined
  phase: 'out' | 'joining' | 'syncing' | 'owns' = 'out'

  constructor(day: Day, index: number) {
    this.#day = day
    this.#instance = index % 3 === 0 ? `s${index}` : null
    this.#version = index % 3 === 1 ? 3 : 9
  }

  /** One thing that a client would do now. */
  act(): void {
    const { world, isOwned } = this.#day
    if (!this.isAlive) return
    if (this.phase === 'joining' && this.#join?.value !== undefined) this.#joined(this.#join)
    else if (this.phase === 'syncing' && this.#sync?.value !== undefined) this.#synced(this.#sync)
    else if (!isOwned) return
    else if (this.phase === 'out') this.join()
    else if (this.phase === 'owns')
      this.#failed(world.heartbeat(this.memberId, this.generation, this.#instance))
  }

  join(): void {
    const { world, answers } = this.#day
    this.phase = 'joining'
    this.#join = world.join({
      ...{ version: this.#version, memberId: this.memberId, groupInstanceId: this.#instance },
      ...{ rebalanceTimeoutMs: 8_000, protocols: [protocol('range', this.metadata)] }
    })
    answers.push(this.#join)
  }

  #joined(join: Join): void {
    const { world, answers } = this.#day
    const error = errorIn(join)
    if (error === 'MEMBER_ID_REQUIRED') this.memberId = join.value?.memberId ?? ''
    if (error !== 'NONE') {
      this.#failed(error ?? 'NONE', 'out')
      return
    }
    const { memberId = '', generationId = 0, leader, members = [], skipAssignment } = join.value ?? {}
    this.memberId = memberId
    this.generation = generationId
    this.phase = 'syncing'
    const leads = leader === memberId && skipAssignment !== true
    const part = leads ? `assignment ${++this.#day.assignments}` : ''
    const assignments = members.map(({ memberId: id = '' }) => ({
      memberId: id,
      assignment: Buffer.from(part)
    }))
    this.#sync = world.sync({
      ...{ memberId, generationId, groupInstanceId: this.#instance },
      assignments: leads ? assignments : []
    })
    answers.push(this.#sync)
  }

  #synced(sync: Sync): void {
    const error = errorIn(sync) ?? 'NONE'
    if (error !== 'NONE') {
      this.#failed(error, 'out')
      return
    }
    this.phase = 'owns'
    const { shared } = this.#day
    const part = sync.value?.assignment?.toString() ?? ''
    const known = shared.get(this.generation)
    if (known === undefined) shared.set(this.generation, part)
    else expect(part, `generation ${this.generation}`).toBe(known)
  }

  #failed(error: ErrorName, otherwise = this.phase): void {
    this.phase = error === 'NONE' ? otherwise : 'out'
    if (error === 'UNKNOWN_MEMBER_ID') this.memberId = ''
    if (error === 'FENCED_INSTANCE_ID') this.isAlive = false
  }

  /** The answer of what waits reaches nobody. */
  disconnect(): void {
    if (this.phase === 'joining' || this.phase === 'syncing') this.phase = 'out'
  }

  restart(): void {
    if (this.#instance === null) return
    this.memberId = ''
    this.phase = 'out'
  }

  leave(): void {
    if (this.memberId === '' || !this.#day.isOwned) return
    this.isAlive = false
    this.#day.world.leave([{ memberId: this.memberId, groupInstanceId: this.#instance }])
  }
}

/** One thing that happens, mostly what clients and clocks do by themselves. */
async function happen(day: Day, clients: readonly Client[]): Promise<void> {
  const { world, random } = day
  const client = clients[random(clients.length)]
  if (client === undefined) return
  switch (random(40)) {
    case 0:
      client.isAlive = random(3) > 0
      break
    case 1:
      client.leave()
      break
    case 2:
      client.restart()
      break
    case 3:
      client.disconnect()
      break
    case 4:
      client.metadata = `topics ${random(3)}`
      if (client.isAlive && client.phase === 'owns' && day.isOwned) client.join()
      break
    case 5:
      if (day.isOwned) day.unload()
      else day.load()
      break
    case 6:
      if (!day.isOwned) day.load()
      break
    case 7:
      world.log = (['NONE', 'later', 'NONE', 'COORDINATOR_NOT_AVAILABLE'] as const)[random(4)] ?? 'NONE'
      break
    case 8:
      await world.acknowledge(random(3) === 0 ? 'REQUEST_TIMED_OUT' : 'NONE')
      break
    default:
      if (random(4) === 0) await world.pass(random(2_500))
      else client.act()
  }
  await settled()
}

async function comeToRest(day: Day, clients: readonly Client[]): Promise<void> {
  const { world } = day
  world.log = 'NONE'
  if (!day.isOwned) day.load()
  for (let s = 0; s < 400; s++) {
    if (world.unacknowledged > 0) await world.acknowledge()
    for (const client of clients) client.act()
    await world.pass(1_000)
  }
}

it.each(Array.from({ length: 120 }, (_, seed) => seed))('every order ends well: seed %i', async seed => {
  const day = new Day(seed)
  const clients = Array.from({ length: 2 + day.random(5) }, (_, index) => new Client(day, index))
  for (let step = 0; step < 400; step++) await happen(day, clients)
  await comeToRest(day, clients)
  const alive = clients.filter(({ isAlive }) => isAlive)
  expect(day.answers.filter(({ times }) => times !== 1)).toEqual([])
  const group = day.world.home.groups.get('g')
  if (alive.length === 0) return expect(group?.isEmpty ?? true).toBe(true)
  expect(alive.map(({ phase }) => phase)).toEqual(alive.map(() => 'owns'))
  expect(group?.state).toBe('Stable')
  expect(day.world.group.members.size).toBe(alive.length)
  expect(new Set(alive.map(({ generation }) => generation))).toEqual(new Set([day.world.group.generation]))
})
