// Goal: a place in a full request queue is offered to each Processor first in its turn, so that none waits for ever behind one
// that always has requests. Method: a queue of one place, three inboxes that only note who is asked, in which order.
import { expect, test } from 'vitest'
import { inlineRequestChannel } from '../../../src/actors/network/request-channel.js'

test('each Processor is the first to be offered a place, one after the other', async () => {
  const channel = inlineRequestChannel({ capacity: 1 })
  let asked: number[] = []
  for (const processorId of [0, 1, 2])
    channel.addProcessor({ processorId, offer: () => {}, onSpace: () => asked.push(processorId) })
  // Each shutdown but the first finds the queue full: somebody waits for room all the time.
  for (let shutdown = 0; shutdown < 7; shutdown++) channel.sendShutdown()
  const orders: number[][] = []
  for (let taken = 0; taken < 6; taken++) {
    asked = []
    expect(await channel.receiveRequest(1000)).toBe('shutdown')
    orders.push(asked)
  }
  expect(orders.map(order => order.toSorted())).toEqual(orders.map(() => [0, 1, 2]))
  expect(orders.map(([first]) => first)).toEqual([0, 1, 2, 0, 1, 2])
  channel.close()
})
