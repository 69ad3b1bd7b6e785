// The properties of the coordinator, read once.
import type { BrokerConfig } from '../../config/broker-config.js'
import { consumerSettings } from './consumer/consumer-settings.js'

export function groupSettings(config: BrokerConfig) {
  return {
    consumer: consumerSettings(config),
    minSessionTimeoutMs: config.get('group.min.session.timeout.ms'),
    maxSessionTimeoutMs: config.get('group.max.session.timeout.ms'),
    initialRebalanceDelayMs: config.get('group.initial.rebalance.delay.ms'),
    maxSize: config.get('group.max.size'),
    offsetMetadataMaxBytes: config.get('offset.metadata.max.bytes'),
    offsetsCommitTimeoutMs: config.get('offsets.commit.timeout.ms'),
    offsetsLoadBufferBytes: config.get('offsets.load.buffer.size'),
    offsetsRetentionMs: config.get('offsets.retention.minutes') * 60_000
  }
}

export type GroupSettings = ReturnType<typeof groupSettings>
