// Broker properties that have no static form: Kafka takes them from the brokers' entities only. With one replica nothing
// is throttled.
import { long, longMax } from '../definition.js'

export const dynamicOnlyDefinitions = {
  'follower.replication.throttled.rate': long(longMax, { support: 'recognised', min: 0 }),
  'leader.replication.throttled.rate': long(longMax, { support: 'recognised', min: 0 }),
  'replica.alter.log.dirs.io.max.bytes.per.second': long(longMax, { support: 'recognised', min: 0 })
}
