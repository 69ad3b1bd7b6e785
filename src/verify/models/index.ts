// Every model, in the order in which `npm run check` takes them.
import type { ModelEntry } from '../entry.js'
import { arenaEntry } from './arena.model.js'
import { brokerEntry } from './broker.model.js'
import { consumerGroupEntry } from './consumer-group.model.js'
import { doorbellEntry } from './doorbell.model.js'
import { groupEntry, groupOfThreeEntry, groupTwinsEntry } from './group.model.js'
import { logManagerEntry, logManagerLossesEntry } from './log-manager.model.js'
import { crowdEntry, networkEntry, processorsEntry, resizeEntry } from './network.model.js'
import { offsetsPartitionsEntry } from './offsets-partitions.model.js'
import { partitionEntry } from './partition.model.js'
import { purgatoryEntry } from './purgatory.model.js'
import { requestEdgesEntry } from './request-edges.model.js'
import { ringDeathsEntry, ringEntry } from './ring.model.js'
import { schedulerEntry } from './scheduler.model.js'
import { topicEntry } from './topic.model.js'

export const models: readonly ModelEntry[] = [
  brokerEntry,
  networkEntry,
  crowdEntry,
  resizeEntry,
  processorsEntry,
  schedulerEntry,
  logManagerEntry,
  logManagerLossesEntry,
  purgatoryEntry,
  partitionEntry,
  offsetsPartitionsEntry,
  topicEntry,
  consumerGroupEntry,
  groupEntry,
  groupTwinsEntry,
  groupOfThreeEntry,
  ringEntry,
  ringDeathsEntry,
  arenaEntry,
  doorbellEntry,
  requestEdgesEntry
]
