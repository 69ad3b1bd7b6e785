// Goal: parts of the broker that are models of their own keep what they promise, and shared memory under any interleaving.
// Method: every state of each at its small bound; npm run check takes the large ones.
import { expect, it } from 'vitest'
import { consumerGroupEntry } from '../../src/verify/models/consumer-group.model.js'
import { groupEntry, groupTwinsEntry } from '../../src/verify/models/group.model.js'
import { logManagerEntry, logManagerLossesEntry } from '../../src/verify/models/log-manager.model.js'
import { offsetsPartitionsEntry } from '../../src/verify/models/offsets-partitions.model.js'
import { partitionEntry } from '../../src/verify/models/partition.model.js'
import { purgatoryEntry } from '../../src/verify/models/purgatory.model.js'
import { requestEdgesEntry } from '../../src/verify/models/request-edges.model.js'
import { schedulerEntry } from '../../src/verify/models/scheduler.model.js'
import { topicEntry } from '../../src/verify/models/topic.model.js'
import { expectNoViolation } from './expect-report.js'

it.each([
  { entry: purgatoryEntry, atLeast: 20_000 },
  { entry: partitionEntry, atLeast: 20_000 },
  { entry: offsetsPartitionsEntry, atLeast: 300 },
  { entry: topicEntry, atLeast: 5_000 },
  { entry: consumerGroupEntry, atLeast: 30_000 },
  { entry: groupEntry, atLeast: 9_000 },
  { entry: groupTwinsEntry, atLeast: 4_000 },
  { entry: requestEdgesEntry, atLeast: 100_000 },
  { entry: schedulerEntry, atLeast: 40 },
  { entry: logManagerEntry, atLeast: 20_000 },
  { entry: logManagerLossesEntry, atLeast: 5_000 }
])(
  'nothing is wrong in $entry.name: $entry.about',
  ({ entry, atLeast }) => {
    const report = entry.check('small')
    expectNoViolation(report)
    expect(report.complete).toBe(true)
    expect(report.states).toBeGreaterThan(atLeast)
  },
  20_000
)
