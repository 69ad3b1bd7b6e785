// Goal: start and stop of the broker follow from what its parts require. Method: both lists as data, no broker.
import { describe, expect, it } from 'vitest'
import { bootOrder, stopOrder } from '../../../src/actors/broker/boot-order.js'

const started = bootOrder.map(({ name }) => name)

describe('the boot order', () => {
  it('starts every step once, and stops each of them once', () => {
    expect(new Set(started).size).toBe(started.length)
    expect([...stopOrder].sort()).toEqual([...started].sort())
  })

  it('starts a step after everything that it requires', () => {
    for (const { name, requires } of bootOrder) {
      for (const other of requires)
        expect(started.indexOf(other), `${name} requires ${other}`).toBeLessThan(started.indexOf(name))
    }
  })

  it('stops a step before what it requires, the scheduler excepted', () => {
    const early = bootOrder.flatMap(({ name, requires }) =>
      requires.filter(other => stopOrder.indexOf(other) < stopOrder.indexOf(name))
    )
    expect(new Set(early)).toEqual(new Set(['scheduler']))
  })

  it('accepts connections last, stops accepting first, and lets go of the directories at the end', () => {
    expect(started.at(-1)).toBe('requestProcessing')
    expect(stopOrder[0]).toBe('requestProcessing')
    expect(stopOrder.slice(-2)).toEqual(['logDirs', 'inspector'])
  })

  it('can be looked at from the first step to the last', () => {
    expect([started[0], stopOrder.at(-1)]).toEqual(['inspector', 'inspector'])
  })

  it('stops the scheduler before any log is closed', () => {
    expect(stopOrder.indexOf('scheduler')).toBeLessThan(stopOrder.indexOf('logs'))
  })
})
