// Kafka's checks on the properties of consumer groups (KIP-848): what clients are told lies between its bounds, and a session
// outlasts a heartbeat.
import type { BrokerConfig } from './broker-config.js'
import type { Check } from './checks.js'

interface Bounded {
  readonly value: 'group.consumer.session.timeout.ms' | 'group.consumer.heartbeat.interval.ms'
  readonly least: 'group.consumer.min.session.timeout.ms' | 'group.consumer.min.heartbeat.interval.ms'
  readonly most: 'group.consumer.max.session.timeout.ms' | 'group.consumer.max.heartbeat.interval.ms'
}

function within({ value, least, most }: Bounded): readonly Check[] {
  const outside = (config: BrokerConfig): boolean =>
    config.get(value) < config.get(least) || config.get(value) > config.get(most)
  return [
    {
      key: most,
      why: config =>
        config.get(most) < config.get(least)
          ? `it must not be below ${least} (${config.get(least)})`
          : undefined
    },
    {
      key: value,
      why: config =>
        outside(config)
          ? `it must be between ${least} (${config.get(least)}) and ${most} (${config.get(most)})`
          : undefined
    }
  ]
}

export const groupChecks: readonly Check[] = [
  ...within({
    value: 'group.consumer.heartbeat.interval.ms',
    least: 'group.consumer.min.heartbeat.interval.ms',
    most: 'group.consumer.max.heartbeat.interval.ms'
  }),
  ...within({
    value: 'group.consumer.session.timeout.ms',
    least: 'group.consumer.min.session.timeout.ms',
    most: 'group.consumer.max.session.timeout.ms'
  }),
  {
    key: 'group.consumer.session.timeout.ms',
    why: config => {
      const heartbeatMs = config.get('group.consumer.heartbeat.interval.ms')
      return config.get('group.consumer.session.timeout.ms') <= heartbeatMs
        ? `it must be above group.consumer.heartbeat.interval.ms (${heartbeatMs})`
        : undefined
    }
  }
]
