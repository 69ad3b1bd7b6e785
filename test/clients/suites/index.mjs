// The suites in the order in which they run.
import { admin } from './admin.mjs'
import { configs } from './configs.mjs'
import { inspector } from './inspector.mjs'
import { interchange } from './interchange.mjs'
import { javaTools } from './java-tools.mjs'
import { kafkaJs } from './kafkajs.mjs'
import { kcat } from './kcat.mjs'
import { confluentKafka, kafkaPython } from './python.mjs'

export const suites = [
  kcat,
  kafkaJs,
  javaTools,
  admin,
  configs,
  interchange,
  confluentKafka,
  kafkaPython,
  inspector
]
