// What a simulated client does: it creates topics, produces with every kind of acknowledgement, reads, and misbehaves, as
// the seed says. Everything it learns goes into the ledger.
import type { RandomBelow } from '../verify/random.js'
import { type ApplicationWorld, type Place, places, recordBatch, topics } from './application-world.js'
import { WireClient } from './client.js'
import { IdempotentProducer } from './idempotent-producer.js'
import type { Batch } from './ledger.js'
import { apiVersions, createTopics, fetch, listOffsets, metadata, produce, recordsOf } from './requests.js'

const codes = { unknownTopic: 3, notLeader: 6, tooLarge: 18, exists: 36, storage: 56, outOfRange: 1 }

/** In requests that one connection may have on their way. */
const pipelined = 4

export class Application {
  readonly wire: WireClient
  readonly #world: ApplicationWorld
  readonly #below: RandomBelow
  readonly #positions = new Map<Place, number>()
  readonly #producer: IdempotentProducer
  #life: 'active' | 'settling' | 'retired' = 'active'
  #values = 0

  constructor(name: string, world: ApplicationWorld) {
    this.#world = world
    this.#below = world.below
    this.wire = new WireClient(name, world)
    this.#producer = new IdempotentProducer(this.wire, world, place => this.#newBatch(place, true))
    this.wire.onEnd = () => this.#producer.connectionLost()
    this.#later()
  }

  /** Finishes what it has begun and then closes. */
  settle(): void {
    if (this.#life !== 'active') return
    this.#life = 'settling'
    this.wire.settle()
  }

  beActive(): void {
    if (this.#life !== 'settling') return
    this.#life = 'active'
    this.wire.beBusy()
  }

  /** Does nothing more; the connection stays as it is. */
  retire(): void {
    this.#life = 'retired'
  }

  #later(): void {
    const isIdle = this.#life === 'active' && this.#below(40) === 0
    const waits = isIdle ? 1000 * this.#below(30) : this.#below(12)
    this.#world.schedule.after(waits, () => {
      if (this.#life === 'retired') return
      this.#act()
      this.#later()
    })
  }

  #act(): void {
    const { wire } = this
    if (this.#life === 'settling') {
      if (wire.waitingFor === 0) wire.close()
      return
    }
    if (!wire.isConnected) {
      if (wire.connect()) this.#world.ledger.count('connections')
      return
    }
    const choice = this.#below(100)
    if (choice < 6) this.#misbehave(2 * choice + this.#below(2))
    else if (wire.waitingFor >= pipelined) return
    else if (choice < 54) this.#produce()
    else if (choice < 76) this.#fetch()
    else if (choice < 88) this.#createTopic()
    else if (choice < 92) this.#ask('versions')
    else if (choice < 96) this.#ask('metadata')
    else this.#ask('offsets')
  }

  #misbehave(choice: number): void {
    const { wire } = this
    const { ledger } = this.#world
    if (choice < 2) {
      ledger.count('half-closes')
      wire.halfClose()
    } else if (choice < 4) {
      ledger.count('resets')
      // Part of a frame first.
      if (this.#below(2) === 0) wire.write(Buffer.from([0, 0, 1, 0, 0, 0]))
      wire.reset()
    } else if (choice < 5) {
      ledger.count('garbage frames')
      wire.writeGarbage(this.#garbage())
    } else if (choice < 8) {
      ledger.count('slow readers')
      wire.stopReading()
      this.#world.schedule.after(this.#below(3000), () => wire.readAgain())
    } else if (choice < 9) wire.close()
    else {
      ledger.count('frames in two parts')
      wire.stall(this.#below(100))
      this.#world.schedule.after(this.#below(2000), () => wire.sendAgain())
    }
  }

  #garbage(): Buffer {
    const bytes = Buffer.alloc(4 + this.#below(60))
    for (let i = 4; i < bytes.length; i++) bytes[i] = this.#below(256)
    const length = [bytes.length - 4, -1, 0, 0x7fffffff][this.#below(4)] ?? 0
    bytes.writeInt32BE(length, 0)
    return bytes
  }

  #place(): Place {
    return places[this.#below(places.length)] ?? { topic: '', partition: 0 }
  }

  #newBatch({ topic, partition }: Place, idempotent: boolean): Batch {
    const count = 1 + this.#below(4)
    const padding = '.'.repeat(this.#below(10) === 0 ? this.#below(1200) : this.#below(60))
    const values = Array.from({ length: count }, () => `${this.wire.name}.${++this.#values}${padding}`)
    return {
      topic,
      partition,
      values,
      idempotent,
      sends: 0,
      topicWasKnown: this.#world.ledger.topics.has(topic),
      fate: 'open',
      baseOffset: -1,
      promise: 'none'
    }
  }

  #produce(): void {
    if (this.#below(3) === 0) this.#producer.produce(this.#place())
    else this.#produceOnce()
  }

  #produceOnce(): void {
    const acks = [0, 1, -1][this.#below(3)] ?? 0
    const batches = new Map<Place, Batch>()
    for (let i = 0; i <= this.#below(2); i++) {
      const place = this.#place()
      if (!batches.has(place)) batches.set(place, this.#newBatch(place, false))
    }
    const all = [...batches.values()]
    for (const batch of all) this.#world.ledger.sent(batch)
    const byTopic = new Map<string, { index: number; records: Buffer }[]>()
    for (const { topic, partition, values } of all) {
      const partitions = byTopic.get(topic) ?? []
      byTopic.set(topic, partitions)
      partitions.push({ index: partition, records: recordBatch(values, this.#world.schedule.nowMs) })
    }
    const topicData = [...byTopic].map(([name, partitionData]) => ({ name, partitionData }))
    this.wire.request(
      produce,
      { acks, timeoutMs: 5000, topicData },
      acks === 0
        ? 'noResponse'
        : {
            answered: ({ responses }) => {
              for (const batch of all) {
                const answer = responses
                  .find(({ name }) => name === batch.topic)
                  ?.partitionResponses.find(({ index }) => index === batch.partition)
                if (answer === undefined)
                  this.#broken(`Produce says nothing of ${batch.topic}-${batch.partition}`)
                else if (answer.errorCode === 0)
                  this.#world.ledger.acknowledged(batch, Number(answer.baseOffset))
                else this.#refused(batch, answer.errorCode)
              }
            },
            lost: () => this.#world.ledger.count('produces without an answer')
          }
    )
  }

  #refused(batch: Batch, code: number): void {
    const { diskFails } = this.#world
    if ((code === codes.storage || code === codes.notLeader) && diskFails()) return
    const tooLarge = code === codes.tooLarge && batch.values.join('').length > 700
    const isNew = code === codes.unknownTopic || code === codes.notLeader
    if ((isNew && !batch.topicWasKnown) || tooLarge) {
      batch.fate = 'refused'
      return
    }
    this.#broken(`Produce to ${batch.topic}-${batch.partition} was answered with error ${code}`)
  }

  #broken(what: string): void {
    this.#world.broken(`${this.wire.name}: ${what}`)
  }

  #fetch(): void {
    const place = this.#place()
    const { topic, partition } = place
    const wasKnown = this.#world.ledger.topics.has(topic)
    const from = this.#below(8) === 0 ? 0 : (this.#positions.get(place) ?? 0)
    this.wire.request(
      fetch,
      {
        replicaId: -1,
        maxWaitMs: this.#below(2) * this.#below(500),
        minBytes: this.#below(3),
        maxBytes: 1 + this.#below(20_000),
        sessionEpoch: -1,
        topics: [
          {
            topic,
            partitions: [{ partition, fetchOffset: BigInt(from), partitionMaxBytes: 1 + this.#below(10_000) }]
          }
        ]
      },
      {
        answered: ({ responses }) => {
          const answer = responses[0]?.partitions[0]
          if (answer === undefined) return
          if (answer.errorCode !== 0) return this.#fetchRefused(place, answer.errorCode, wasKnown)
          this.#fetched(place, from, answer.records ?? Buffer.alloc(0))
        },
        lost: () => {}
      }
    )
  }

  #fetched(place: Place, from: number, bytes: Buffer): void {
    const { topic, partition } = place
    const records = recordsOf(bytes, from)
    if (typeof records === 'string') {
      this.#broken(`Fetch of ${topic}-${partition}: ${records}`)
      return
    }
    records.forEach(({ offset }, i) => {
      if (offset !== from + i)
        this.#broken(`Fetch of ${topic}-${partition}: ${offset} where ${from + i} is expected`)
    })
    this.#world.ledger.read(topic, partition, records)
    this.#positions.set(place, from + records.length)
  }

  #fetchRefused(place: Place, code: number, wasKnown: boolean): void {
    const { diskFails, powerWasLost } = this.#world
    this.#positions.set(place, 0)
    if ((code === codes.unknownTopic || code === codes.notLeader) && !wasKnown) return
    if (code === codes.outOfRange && powerWasLost()) return
    if ((code === codes.storage || code === codes.notLeader) && diskFails()) return
    this.#broken(`Fetch of ${place.topic}-${place.partition} was answered with error ${code}`)
  }

  #createTopic(): void {
    const { topic: name } = this.#place()
    const numPartitions = topics[name] ?? 1
    this.wire.request(
      createTopics,
      { topics: [{ name, numPartitions, replicationFactor: 1 }], timeoutMs: 10_000 },
      {
        answered: ({ topics: [answer] }) => {
          const code = answer?.errorCode
          // What failed on the disk may look as if it were there.
          if (code === 0 || (code === codes.exists && !this.#world.diskFails())) {
            this.#world.ledger.topics.set(name, numPartitions)
            this.#world.ledger.count('topics created')
          } else if (!this.#world.diskFails()) this.#broken(`CreateTopics was answered with error ${code}`)
        },
        lost: () => {}
      }
    )
  }

  #ask(what: 'versions' | 'metadata' | 'offsets'): void {
    const then = { answered: () => {}, lost: () => {} }
    if (what === 'versions') {
      this.wire.request(apiVersions, { clientSoftwareName: 'simulated', clientSoftwareVersion: '1' }, then)
    } else if (what === 'metadata') {
      this.wire.request(metadata, { topics: null }, then)
    } else {
      const { topic, partition } = this.#place()
      const partitions = [{ partitionIndex: partition, timestamp: BigInt(this.#below(3) - 2) }]
      this.wire.request(listOffsets, { replicaId: -1, topics: [{ name: topic, partitions }] }, then)
    }
  }
}
