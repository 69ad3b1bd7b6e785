// Keeps the logs of one thread at what their topics and the broker say: a topic's own values when they change, all topics'
// when the broker's defaults do. Logs are opened with what holds then; this is about every change since.
import type { BrokerConfig } from '../../config/broker-config.js'
import { logConfigOf, type TopicOverrides } from '../../config/topic-config.js'
import type { PartitionLog } from '../../storage/partition-log.js'
import type { MetadataDelta, MetadataImage, TopicInfo } from '../controller/metadata-image.js'

interface Known {
  readonly id: string
  /** As text: every delta brings an object of its own. */
  readonly overrides: string
}

/** Of ShardLogs. */
interface Logs {
  find(topic: string, partition: number): Pick<PartitionLog, 'updateConfig'> | undefined
}

export class TopicLogConfigs {
  readonly #config: BrokerConfig
  readonly #logs: Logs
  readonly #known = new Map<string, Known>()
  /** What a topic without values of its own has, as text. */
  #defaults: string

  constructor(config: BrokerConfig, logs: Logs) {
    this.#config = config
    this.#logs = logs
    this.#defaults = this.#textOf({})
  }

  /** After the broker's own configuration is as the delta says. */
  applied(image: MetadataImage, delta: MetadataDelta): void {
    for (const name of delta.deletedTopics) this.#known.delete(name)
    const defaults = delta.brokerConfigs === undefined ? this.#defaults : this.#textOf({})
    const all = defaults !== this.#defaults
    this.#defaults = defaults
    for (const topic of all ? image.topics.values() : delta.topics) {
      const { id, configs } = topic
      const before = this.#known.get(topic.name)
      const overrides = JSON.stringify(configs)
      const isKnown = before !== undefined && before.id === id
      if (!isKnown || before.overrides !== overrides) this.#known.set(topic.name, { id, overrides })
      if (all || (isKnown && before.overrides !== overrides)) this.#update(topic)
    }
  }

  #textOf(overrides: TopicOverrides): string {
    return JSON.stringify(logConfigOf(this.#config, overrides))
  }

  #update({ name, configs, partitions }: TopicInfo): void {
    const config = logConfigOf(this.#config, configs)
    partitions.forEach((_, partition) => {
      this.#logs.find(name, partition)?.updateConfig(config)
    })
  }
}
