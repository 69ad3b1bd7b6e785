// Goal: whatever members, topics and the log do, in any order, no partition is read by two members, and in the end all of them
// are read; the log tells the same group; every step is one of the machines. Method: random ways through a simulated world.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { tap } from '../../../../src/actors/runtime/tap.js'
import { replay } from '../../../../src/verify/replay.js'
import { type Client, ConsumerWorld } from './consumer-world.js'

type Step =
  | { readonly kind: 'join' | 'beat' | 'leave' | 'away' | 'subscribe'; readonly who: number }
  | { readonly kind: 'grow' | 'remake' | 'refuse' | 'sessions' }

const someone = fc.nat(3)
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('join' as const), who: someone }) },
    { weight: 12, arbitrary: fc.record({ kind: fc.constant('beat' as const), who: someone }) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constantFrom('leave', 'away', 'subscribe'), who: someone })
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('grow', 'remake', 'refuse', 'sessions') }) }
  ),
  { maxLength: 60 }
)

/** Members 0 and 1 are dynamic, 2 and 3 static; a life that is over begins again under another id. */
class Way {
  readonly world = new ConsumerWorld()
  readonly clients: (Client | undefined)[] = [undefined, undefined, undefined, undefined]
  #lives = 0
  #partitions = 2

  constructor() {
    this.world.topic('t', this.#partitions)
    this.world.topic('u', 1)
  }

  take(step: Step): void {
    if ('who' in step) this.#client(step.kind, step.who)
    else if (step.kind === 'grow') this.world.topic('t', ++this.#partitions)
    else if (step.kind === 'remake') {
      this.world.deleteTopic('u')
      this.world.topic('u', 2)
    } else if (step.kind === 'refuse') this.world.log = this.world.log === 'NONE' ? 'NOT_COORDINATOR' : 'NONE'
    else this.world.pass(20_000)
  }

  #client(kind: Step['kind'], who: number): void {
    const client = this.clients[who]
    const instance = who < 2 ? {} : { instanceId: `i${who}` }
    if (client === undefined) {
      if (kind === 'join')
        this.#settle(who, this.world.member(`m${++this.#lives}`, ['t', 'u'], instance).join())
    } else if (kind === 'beat') this.#settle(who, client.beat(instance))
    else if (kind === 'subscribe') this.#settle(who, client.subscribe(who % 2 === 0 ? ['t'] : ['t', 'u']))
    else if (kind === 'leave' || (kind === 'away' && who >= 2)) {
      if (client.leave(kind === 'leave' ? -1 : -2).error === 'NONE') this.clients[who] = undefined
    }
  }

  /** Whoever is refused for good gives up everything, and its next life joins. */
  #settle(who: number, client: Client): void {
    const isOver = !['NONE', 'NOT_COORDINATOR'].includes(client.error) || client.epoch === 0
    this.clients[who] = isOver ? undefined : client
  }

  get #members() {
    return this.clients.filter(client => client !== undefined)
  }

  /** Of those that the group knows: others will learn that they are no members. */
  get read(): string[] {
    const known = this.world.home.groups.has('g') ? this.world.group.members : new Map()
    return this.#members.filter(({ memberId }) => known.has(memberId)).flatMap(({ held }) => held)
  }

  /** All is well from now on, and everybody is heard of. */
  rest(): void {
    this.world.log = 'NONE'
    for (let round = 0; round < 12; round++) {
      this.clients.forEach((_, who) => void this.#client('beat', who))
      this.world.pass(5_000)
    }
  }
}

it('no partition is read twice, and at rest every one is read', () => {
  const done = tap.want('all')
  const before = tap.entries
  fc.assert(
    fc.property(steps, way => {
      const run = new Way()
      for (const step of way) {
        run.take(step)
        const { read } = run
        expect(new Set(read).size, JSON.stringify(step)).toBe(read.length)
      }
      run.rest()
      const { world, clients, read } = run
      if (!world.home.groups.has('g')) return
      const { group } = world
      expect(new Set(read).size).toBe(read.length)
      if (!clients.some(client => client !== undefined)) return
      expect(group.state).toBe('Stable')
      const subscribed = [...group.subscription].flatMap(([name, { partitionCount }]) =>
        Array.from({ length: partitionCount }, (_, partition) => `${name}-${partition}`)
      )
      expect(read.sort()).toEqual(subscribed.sort())
      const again = world.reloaded()
      expect([...again.members]).toEqual(expect.arrayContaining([...group.members]))
      expect([again.state, again.epoch, again.members.size]).toEqual([
        group.state,
        group.epoch,
        group.members.size
      ])
    }),
    { numRuns: 200 }
  )
  const { divergences } = replay([tap.trace(0, before)])
  done()
  expect(divergences).toEqual([])
})
