// Goal: with log.flush.acks nothing counts as on the disk that only lies in the page cache. Method: the sync of a partition
// over a log whose end and recovery point differ, as they do after recovery.
import { expect, it } from 'vitest'
import { PartitionSync } from '../../../src/actors/replicas/partition-sync.js'

function over(log: { logEndOffset: number; recoveryPoint: number }) {
  const flushes: (() => void)[] = []
  const flush = () => new Promise<void>(resolve => flushes.push(resolve))
  const sync = new PartitionSync('a-0', { ...log, flush }, { synced: () => {}, syncFailed: () => {} })
  return { sync, flushes }
}

it('what recovery found is not on the disk before it was flushed', async () => {
  const { sync, flushes } = over({ logEndOffset: 7, recoveryPoint: 3 })
  expect(sync.syncedOffset).toBe(3)
  sync.request()
  flushes[0]?.()
  await Promise.resolve()
  expect(sync.syncedOffset).toBe(7)
})

it('a log that was closed in order is on the disk', () => {
  expect(over({ logEndOffset: 7, recoveryPoint: 7 }).sync.syncedOffset).toBe(7)
})
