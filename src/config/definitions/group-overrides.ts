// What single consumer groups may have of their own (KIP-848, Kafka 4.0: GroupConfig), and which property of the broker each
// takes its place of. Defaults and ranges are Kafka's.
import { int } from '../definition.js'

export const groupDefinitions = {
  'consumer.heartbeat.interval.ms': int(5_000, {
    support: 'honoured',
    min: 1,
    doc: 'How often members of this group send heartbeats.'
  }),
  'consumer.session.timeout.ms': int(45_000, {
    support: 'honoured',
    min: 1,
    doc: 'After how long without a heartbeat a member of this group is removed.'
  })
} as const

/** The broker's own value, and the bounds that an override has to keep. */
export const groupInheritsFrom = {
  'consumer.heartbeat.interval.ms': {
    name: 'group.consumer.heartbeat.interval.ms',
    least: 'group.consumer.min.heartbeat.interval.ms',
    most: 'group.consumer.max.heartbeat.interval.ms'
  },
  'consumer.session.timeout.ms': {
    name: 'group.consumer.session.timeout.ms',
    least: 'group.consumer.min.session.timeout.ms',
    most: 'group.consumer.max.session.timeout.ms'
  }
} as const
