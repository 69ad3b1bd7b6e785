// Every broker property of Kafka 3.9 and our own, as one table with types; the subjects are in definitions/.
import type { Definition } from './definition.js'
import { clusterDefinitions } from './definitions/cluster.js'
import { groupsDefinitions } from './definitions/groups.js'
import { logsDefinitions } from './definitions/logs.js'
import { metricsAndQuotasDefinitions } from './definitions/metrics-and-quotas.js'
import { networkDefinitions } from './definitions/network.js'
import { odradekDefinitions } from './definitions/odradek.js'
import { remoteStorageDefinitions } from './definitions/remote-storage.js'
import { replicationDefinitions } from './definitions/replication.js'
import { retentionDefinitions } from './definitions/retention.js'
import { saslDefinitions } from './definitions/sasl.js'
import { securityDefinitions } from './definitions/security.js'
import { topicsDefinitions } from './definitions/topics.js'
import { transactionsDefinitions } from './definitions/transactions.js'

export const brokerDefinitions = {
  ...networkDefinitions,
  ...logsDefinitions,
  ...retentionDefinitions,
  ...topicsDefinitions,
  ...replicationDefinitions,
  ...groupsDefinitions,
  ...transactionsDefinitions,
  ...clusterDefinitions,
  ...metricsAndQuotasDefinitions,
  ...remoteStorageDefinitions,
  ...securityDefinitions,
  ...saslDefinitions,
  ...odradekDefinitions
}

type BrokerDefinitions = typeof brokerDefinitions

export type BrokerConfigName = keyof BrokerDefinitions

/** What `config.get(name)` returns, inferred from the table. */
export type BrokerConfigValue<K extends BrokerConfigName> =
  BrokerDefinitions[K] extends Definition<infer V> ? V : never

export function isBrokerConfig(name: string): name is BrokerConfigName {
  return Object.hasOwn(brokerDefinitions, name)
}

export function brokerDefinition(name: BrokerConfigName): Definition {
  return brokerDefinitions[name]
}
