// What a change of the brokers' configuration may come to: all checks of the start again, and how far a pool of threads may
// go at once. Refusals are worded as Kafka's, without the name of a Java class in them.
import type { BrokerConfig } from './broker-config.js'
import { faultAcross } from './checks.js'
import type { BrokerConfigName } from './definitions.js'
import { type BrokerEntity, type ConfigTexts, dynamicFault } from './dynamic-layer.js'

/** Why the entity may not have exactly these; undefined: it may. Nothing is changed. */
export function brokerChangeFault(
  current: BrokerConfig,
  entity: BrokerEntity,
  texts: ConfigTexts
): string | undefined {
  const fault = dynamicFault(entity, texts)
  if (fault !== undefined) return fault
  const next = current.with({ ...current.dynamic, [entity]: texts })
  const across = faultAcross(next)
  if (across !== undefined) return `${across.key}: ${across.reason}`
  const pool = threadsFault(current, next)
  return pool === undefined ? undefined : `Invalid dynamic configuration: ${pool}`
}

const pools = [
  'num.io.threads',
  'num.replica.fetchers',
  'num.recovery.threads.per.data.dir',
  'background.threads'
] as const satisfies readonly BrokerConfigName[]

function threadsFault(current: BrokerConfig, next: BrokerConfig): string | undefined {
  for (const name of pools) {
    const fault = stepFault(name, current.get(name), next.get(name))
    if (fault !== undefined) return fault
  }
  for (const { name: listener } of current.listeners) {
    const [now, then] = [current, next].map(each => each.forListener(listener, 'num.network.threads'))
    const fault = stepFault('num.network.threads', now ?? 0, then ?? 0)
    if (fault !== undefined) return fault
  }
  return stepFault('log.cleaner.threads', current.get('log.cleaner.threads'), next.get('log.cleaner.threads'))
}

function stepFault(name: string, now: number, then: number): string | undefined {
  if (now === then) return undefined
  const failed = `Dynamic thread count update validation failed for ${name}=${then}`
  if (then < 1) return `${failed}, value should be at least 1`
  if (then < Math.floor(now / 2)) return `${failed}, value should be at least half the current value ${now}`
  if (then > now * 2) return `${failed}, value should not be greater than double the current value ${now}`
  return undefined
}
