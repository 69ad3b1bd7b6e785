// Goal: offsets of version 0 lie in Kafka's nodes, survive a kill, and cannot be written anywhere else. Method: a controller on
// a disk in memory, asked as a handler asks.
import { describe, expect, test } from 'vitest'
import { localController } from '../../../src/actors/controller/controller-client.js'
import { boot, newWorld } from './controller-world.js'

describe('offsets of consumers that ZooKeeper had', () => {
  const at = (partition: number) => ({ topic: 'a', partition })

  test('are nodes of Kafka, one a partition, that a kill does not take back', async () => {
    const world = newWorld()
    const { controller, tree } = await boot(world)
    const client = localController(controller)
    const offsets = [
      { ...at(0), offset: 7n },
      { ...at(1), offset: 8n }
    ]
    expect(await client.setConsumerOffsets('g', offsets)).toEqual(['NONE', 'NONE'])
    expect(await client.setConsumerOffsets('g', [{ ...at(1), offset: 5n }])).toEqual(['NONE'])
    expect(String((await tree.get('/consumers/g/offsets/a/1'))?.data)).toBe('5')
    const restarted = localController((await boot(world)).controller)
    expect(await restarted.consumerOffsets('g', [at(1), at(2), at(0)])).toEqual([5n, null, 7n])
    expect(await restarted.consumerOffsets('h', [at(0)])).toEqual([null])
  })

  test('of one partition that are committed at once leave one of them', async () => {
    const client = localController((await boot(newWorld())).controller)
    const racing = Array.from({ length: 20 }, (_, i) =>
      client.setConsumerOffsets('g', [{ ...at(0), offset: BigInt(i) }])
    )
    expect(new Set((await Promise.all(racing)).flat())).toEqual(new Set(['NONE']))
    const [left] = await client.consumerOffsets('g', [at(0)])
    expect(Number(left)).toBeGreaterThanOrEqual(0)
  })

  test('cannot be written outside their place by a group with a strange name', async () => {
    const { controller, tree } = await boot(newWorld())
    const client = localController(controller)
    for (const group of ['', '..', '../config', '.']) {
      expect(await client.setConsumerOffsets(group, [{ ...at(0), offset: 1n }]), group).toEqual([
        'UNKNOWN_SERVER_ERROR'
      ])
    }
    expect(await tree.children('/consumers')).toEqual([])
    expect(await tree.exists('/offsets')).toBeUndefined()
  })
})
