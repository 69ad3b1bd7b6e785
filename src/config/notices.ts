// What the operator is told about single properties that are not plainly honoured: old ones, ones of other clusters.

/** Gone from Kafka since 3.0; they had no effect there either. */
export const removedProperties: Readonly<Record<string, string>> = {
  port: 'port: Kafka removed it in 3.0; use listeners=PLAINTEXT://host:port. It has no effect',
  'host.name': 'host.name: Kafka removed it in 3.0; use listeners=PLAINTEXT://host:port. It has no effect',
  'advertised.host.name':
    'advertised.host.name: Kafka removed it in 3.0; use advertised.listeners. It has no effect',
  'advertised.port': 'advertised.port: Kafka removed it in 3.0; use advertised.listeners. It has no effect',
  'controller.message.queue.size': 'controller.message.queue.size: Kafka removed it; it has no effect',
  'replica.lag.max.messages': 'replica.lag.max.messages: Kafka removed it; it has no effect',
  'zookeeper.sync.time.ms': 'zookeeper.sync.time.ms: Kafka removed it; it has no effect'
}

/** Instead of a place in the list of what is recognised only. */
export const specialWarnings: Readonly<Record<string, string>> = {
  'zookeeper.connect':
    'zookeeper.connect: THIS BROKER DOES NOT CONNECT TO ZOOKEEPER: topics and cluster metadata are kept in its own data directory, and it joins no cluster',
  'process.roles':
    'process.roles: THIS BROKER JOINS NO KRAFT CLUSTER: topics and cluster metadata are kept in its own data directory; listeners of the controller are left out'
}

/** Settings of authorizers and of security in general that are in no table: plug-ins define them. */
export function protectsByName(name: string): boolean {
  return (
    /^(ssl|sasl|zookeeper\.ssl|delegation\.token|password\.encoder|authorizer|config\.providers)(\.|$)/.test(
      name
    ) ||
    name === 'super.users' ||
    name === 'allow.everyone.if.no.acl.found'
  )
}
