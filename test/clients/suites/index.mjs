// The suites in the order in which they run.
import { admin } from './admin.mjs'
import { configs } from './configs.mjs'
import { franzGo, otherGoClients } from './go.mjs'
import { groupTools } from './group-tools.mjs'
import { inspector } from './inspector.mjs'
import { interchange } from './interchange.mjs'
import { javaGroups } from './java-groups.mjs'
import { javaTools } from './java-tools.mjs'
import { kafkaJs } from './kafkajs.mjs'
import { kafkaJsGroups } from './kafkajs-groups.mjs'
import { kcat } from './kcat.mjs'
import { librdkafka } from './librdkafka.mjs'
import { nodeRdkafka } from './node-rdkafka.mjs'
import { python } from './python.mjs'
import { simpleConsumer } from './simple-consumer.mjs'

export const suites = [
  kcat,
  kafkaJs,
  kafkaJsGroups,
  javaTools,
  groupTools,
  admin,
  configs,
  interchange,
  simpleConsumer,
  ...javaGroups,
  ...python,
  nodeRdkafka,
  librdkafka,
  franzGo,
  ...otherGoClients,
  inspector
]
