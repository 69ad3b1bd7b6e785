// Kafka's checks on several properties at once, as far as they concern this broker. Each names the key to change.
import type { BrokerConfig } from './broker-config.js'
import type { BrokerConfigName } from './definitions.js'
import { groupChecks } from './group-checks.js'
import { refuse, type Settings } from './settings.js'

export interface Check {
  readonly key: BrokerConfigName
  /** Why it is refused, or undefined. */
  readonly why: (config: BrokerConfig) => string | undefined
}

const unless = (holds: boolean, sentence: string): string | undefined => (holds ? undefined : sentence)

const checks: readonly Check[] = [
  ...groupChecks,
  {
    key: 'log.dirs',
    why: config => unless(config.logDirs.length > 0, 'at least one directory is needed')
  },
  {
    key: 'log.roll.ms',
    why: config => unless((config.get('log.roll.ms') ?? 1) >= 1, 'Value must be at least 1')
  },
  {
    key: 'log.roll.jitter.ms',
    why: config => unless((config.get('log.roll.jitter.ms') ?? 0) >= 0, 'Value must be at least 0')
  },
  ...(['log.retention.ms', 'log.retention.minutes', 'log.retention.hours'] as const).map(key => ({
    key,
    why: (config: BrokerConfig) => unless(config.get(key) !== 0, '0 keeps nothing; -1 keeps everything')
  })),
  {
    key: 'queued.max.request.bytes',
    why: config => {
      const bytes = config.get('queued.max.request.bytes')
      const largest = config.get('socket.request.max.bytes')
      return unless(
        bytes <= 0 || bytes >= largest,
        `it must not be below socket.request.max.bytes (${largest})`
      )
    }
  },
  {
    key: 'max.connections.per.ip',
    why: config =>
      unless(
        config.get('max.connections.per.ip') > 0 || config.connectionsByHost.size > 0,
        '0 is possible only with max.connections.per.ip.overrides'
      )
  },
  {
    key: 'connection.failed.authentication.delay.ms',
    why: config => {
      const idle = config.get('connections.max.idle.ms')
      const delay = config.get('connection.failed.authentication.delay.ms')
      return unless(idle < 0 || delay < idle, `it must be below connections.max.idle.ms (${idle})`)
    }
  },
  {
    key: 'log.cleaner.dedupe.buffer.size',
    why: config => {
      const threads = config.get('log.cleaner.threads')
      const each = Math.trunc(config.get('log.cleaner.dedupe.buffer.size') / threads)
      return unless(threads === 0 || each > 1024 * 1024, 'each cleaner thread needs more than 1 MiB')
    }
  },
  {
    key: 'replica.fetch.wait.max.ms',
    why: config => {
      const wait = config.get('replica.fetch.wait.max.ms')
      const most = Math.min(config.get('replica.socket.timeout.ms'), config.get('replica.lag.time.max.ms'))
      return unless(wait <= most, 'it must not be above replica.socket.timeout.ms or replica.lag.time.max.ms')
    }
  },
  {
    key: 'offsets.commit.required.acks',
    why: config => {
      const acks = config.get('offsets.commit.required.acks')
      const most = config.get('offsets.topic.replication.factor')
      return unless(
        acks >= -1 && acks <= most,
        `it must be between -1 and offsets.topic.replication.factor (${most})`
      )
    }
  }
]

/** The first check that fails, if one does. */
export function faultAcross(config: BrokerConfig): { key: BrokerConfigName; reason: string } | undefined {
  for (const { key, why } of checks) {
    const reason = why(config)
    if (reason !== undefined) return { key, reason }
  }
  return undefined
}

export function checkAcross(config: BrokerConfig, settings: Settings): void {
  const fault = faultAcross(config)
  if (fault !== undefined) refuse(settings, fault.key, fault.reason)
}
