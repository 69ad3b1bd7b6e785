// Brings changes of topics, and of what brokers and groups are configured with, to every thread. While one delta is on its
// way, further changes gather for the next, so that a thousand topics in one request cost a few deltas and not a thousand
// copies of the image.
import type { DynamicConfigs } from '../../config/dynamic-layer.js'
import {
  applyDelta,
  type ConfiguredGroup,
  emptyImage,
  type MetadataDelta,
  type MetadataImage,
  type TopicInfo
} from './metadata-image.js'

export class Publisher {
  readonly #publish: (delta: MetadataDelta) => Promise<void>
  #image: MetadataImage = emptyImage
  #changed = new Map<string, TopicInfo>()
  #deleted = new Set<string>()
  #configs: DynamicConfigs | undefined
  #groups = new Map<string, ConfiguredGroup>()
  /** The delta that waits to be sent; all callers of one delta share it. */
  #next: Promise<void> | undefined
  #last: Promise<void> = Promise.resolve()

  /** `publish` resolves when every thread has applied the delta. */
  constructor(publish: (delta: MetadataDelta) => Promise<void>) {
    this.#publish = publish
  }

  /** What has been sent (not yet necessarily applied everywhere). */
  get image(): MetadataImage {
    return this.#image
  }

  change(topic: TopicInfo): Promise<void> {
    this.#changed.set(topic.name, topic)
    return this.#soon()
  }

  remove(name: string): Promise<void> {
    this.#changed.delete(name)
    this.#deleted.add(name)
    return this.#soon()
  }

  configure(configs: DynamicConfigs): Promise<void> {
    this.#configs = configs
    return this.#soon()
  }

  configureGroup(group: ConfiguredGroup): Promise<void> {
    this.#groups.set(group.groupId, group)
    return this.#soon()
  }

  /** The first delta of a controller: everything. */
  async replace(whole: Omit<MetadataDelta, 'version' | 'full'>): Promise<void> {
    await this.#send({ ...whole, version: this.#image.version + 1, full: true })
  }

  #soon(): Promise<void> {
    this.#next ??= this.#last.then(() => {
      this.#next = undefined
      const delta = {
        version: this.#image.version + 1,
        full: false,
        topics: [...this.#changed.values()],
        deletedTopics: [...this.#deleted],
        ...(this.#configs === undefined ? {} : { brokerConfigs: this.#configs }),
        ...(this.#groups.size === 0 ? {} : { groupConfigs: [...this.#groups.values()] })
      }
      this.#configs = undefined
      this.#groups = new Map()
      this.#changed = new Map()
      this.#deleted = new Set()
      this.#last = this.#send(delta)
      return this.#last
    })
    return this.#next
  }

  async #send(delta: MetadataDelta): Promise<void> {
    this.#image = applyDelta(this.#image, delta)
    await this.#publish(delta)
  }
}
