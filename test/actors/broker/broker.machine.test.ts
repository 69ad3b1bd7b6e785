// Goal: the broker's life has an end from wherever a stop or a failure meets it. Method: pure transitions; every step of
// the start and of the stop is met by each event that may come there.
import { describe, expect, it } from 'vitest'
import { initialTransition, type SnapshotFrom, transition } from 'xstate'
import { bootOrder, stopOrder } from '../../../src/actors/broker/boot-order.js'
import { type BrokerEvent, brokerMachine } from '../../../src/actors/broker/broker.machine.js'
import { statePath } from '../../../src/actors/runtime/actor.js'

type EventName = BrokerEvent['type']

/** One life: what was asked of the driver, as `start logs`, `stop logs orderly`, `ready`, `ended true`. */
class Life {
  readonly deeds: string[] = []
  #snapshot: SnapshotFrom<typeof brokerMachine>

  constructor() {
    ;[this.#snapshot] = initialTransition(brokerMachine)
  }

  get state(): string {
    return statePath(this.#snapshot.value)
  }

  get isOver(): boolean {
    return this.#snapshot.status === 'done'
  }

  send(...events: readonly EventName[]): this {
    for (const type of events) {
      const [next, actions] = transition(brokerMachine, this.#snapshot, { type })
      this.#snapshot = next
      this.#note(actions)
    }
    return this
  }

  patienceEnds(): this {
    const [event] = this.#snapshot._nodes.flatMap(({ after }) => after.map(({ eventType }) => eventType))
    const [next, actions] = transition(brokerMachine, this.#snapshot, { type: event } as never)
    this.#snapshot = next
    this.#note(actions)
    return this
  }

  #note(actions: ReadonlyArray<{ readonly type: string; readonly params: unknown }>): void {
    for (const { type: name, params } of actions) {
      if (!name.startsWith('xstate.')) this.deeds.push([name, ...Object.values(params ?? {})].join(' '))
    }
  }

  /** Answers what is asked until nothing is left to do. */
  finish(answer: EventName = 'stepDone'): this {
    for (let i = 0; i < 40 && !this.isOver && this.state !== 'running'; i++) this.send(answer)
    return this
  }

  /** Up to the moment when this step of the start was asked for. */
  static starting(step: number): Life {
    const life = new Life().send('start')
    for (let i = 0; i < step; i++) life.send('stepDone')
    return life
  }

  static running = (): Life => new Life().send('start').finish()
}

const stops = (mode: string): string[] => stopOrder.map(step => `stopStep ${step} ${mode}`)
const steps = bootOrder.map(({ name }, index) => ({ name, index }))
const stopSteps = stopOrder.map((name, index) => ({ name, index }))

describe('the life of a broker', () => {
  it('starts step by step in the boot order and opens the latch after the last', () => {
    const life = Life.running()
    expect(life.deeds).toEqual([...bootOrder.map(({ name }) => `startStep ${name}`), 'openStartupLatch'])
    expect(life.state).toBe('running')
  })

  it('stops step by step in the stop order and ends clean', () => {
    const life = Life.running().send('stop').finish()
    expect(life.deeds.slice(bootOrder.length + 1)).toEqual([...stops('orderly'), 'openShutdownLatch true'])
    expect([life.state, life.isOver]).toEqual(['stopped', true])
  })

  it('ends at once when it is stopped before it was started', () => {
    expect(new Life().send('stop').deeds).toEqual(['openShutdownLatch true'])
  })

  it.each(steps)('stops everything without a clean end when $name does not start', ({ index }) => {
    const life = Life.starting(index).send('stepFailed')
    const before = index + 1
    expect(life.finish().deeds.slice(before)).toEqual([...stops('startFailed'), 'openShutdownLatch false'])
    expect(life.state).toBe('failed')
  })

  it.each(steps)('lets $name end before a stop that came meanwhile begins', ({ index }) => {
    const life = Life.starting(index).send('stop')
    expect(life.deeds).toHaveLength(index + 1)
    expect(life.finish().deeds.slice(index + 1)).toEqual([...stops('orderly'), 'openShutdownLatch true'])
  })

  it.each(steps)(
    'never ends clean when something dies while $name starts, asked to stop or not',
    ({ index }) => {
      for (const events of [['fatal'], ['stop', 'fatal']] as const) {
        const life = Life.starting(index).send(...events)
        expect(life.finish().deeds.slice(index + 1)).toEqual([...stops('fatal'), 'openShutdownLatch false'])
      }
    }
  )

  it.each(stopSteps)('goes on with the next step when $name does not stop', ({ index }) => {
    const life = Life.running().send('stop')
    for (let i = 0; i < index; i++) life.send('stepDone')
    life.send('stepFailed').finish()
    expect(life.deeds.slice(bootOrder.length + 1)).toEqual([...stops('orderly'), 'openShutdownLatch true'])
  })

  it.each(stopSteps)(
    'stops no step twice and ends unclean when something dies while $name stops',
    ({ index }) => {
      const life = Life.running().send('stop')
      for (let i = 0; i < index; i++) life.send('stepDone')
      life.send('fatal').finish()
      const expected = stopOrder.map((step, at) => `stopStep ${step} ${at <= index ? 'orderly' : 'fatal'}`)
      expect(life.deeds.slice(bootOrder.length + 1)).toEqual([...expected, 'openShutdownLatch false'])
    }
  )

  it.each(stopSteps)(
    'waits no longer for $name than its patience when something dies meanwhile',
    ({ index }) => {
      for (const [begin, mode] of [
        [Life.running().send('stop'), 'orderly'],
        [Life.starting(0).send('stepFailed'), 'startFailed']
      ] as const) {
        const before = begin.deeds.length - 1
        for (let i = 0; i < index; i++) begin.send('stepDone')
        begin.send('fatal')
        for (let i = 0; i < 40 && !begin.isOver; i++) begin.patienceEnds()
        const expected = stopOrder.map((step, at) => `stopStep ${step} ${at <= index ? mode : 'fatal'}`)
        expect(begin.deeds.slice(before)).toEqual([...expected, 'openShutdownLatch false'])
      }
    }
  )

  it('is never clean, and asks for no orderly stop, after something died while it ran', () => {
    const life = Life.running().send('fatal', 'stop', 'fatal').finish()
    expect(life.deeds.slice(bootOrder.length + 1)).toEqual([...stops('fatal'), 'openShutdownLatch false'])
  })

  it('does not hear a second stop', () => {
    const life = Life.running().send('stop', 'stop', 'stop').finish()
    expect(life.deeds.slice(bootOrder.length + 1)).toEqual([...stops('orderly'), 'openShutdownLatch true'])
  })
})
