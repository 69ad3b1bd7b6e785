// A producer with an id: what was not answered it sends again, in order and with the same sequence numbers, so that each
// batch is appended once. An answer that it cannot explain ends its id; it takes a new one.

import type { ApplicationWorld, Place } from './application-world.js'
import { recordBatch } from './application-world.js'
import type { WireClient } from './client.js'
import type { Batch } from './ledger.js'
import { initProducerId, produce } from './requests.js'

interface Pending {
  readonly batch: Batch
  readonly bytes: Buffer
}

const errors = {
  unknownTopic: 3,
  notLeader: 6,
  tooLarge: 18,
  outOfOrder: 45,
  duplicate: 46,
  storage: 56,
  unknownProducer: 59
}

export class IdempotentProducer {
  readonly #wire: WireClient
  readonly #world: ApplicationWorld
  readonly #newBatch: (place: Place) => Batch
  #producerId: bigint | 'none' | 'asked' = 'none'
  readonly #sequences = new Map<string, number>()
  #pending: Pending[] = []
  #unsent: 'none' | 'some' = 'none'

  constructor(wire: WireClient, world: ApplicationWorld, newBatch: (place: Place) => Batch) {
    this.#wire = wire
    this.#world = world
    this.#newBatch = newBatch
  }

  /** One step: asks for an id, repeats what was lost, or sends a new batch. */
  produce(place: Place): void {
    if (this.#producerId === 'asked') return
    if (this.#producerId === 'none') {
      this.#ask()
      return
    }
    if (this.#unsent === 'some') {
      this.#unsent = 'none'
      this.#world.ledger.count('retries', this.#pending.length)
      for (const pending of this.#pending) this.#send(pending)
      return
    }
    // More than five are not told apart by the broker.
    if (this.#pending.length >= 3) return
    const batch = this.#newBatch(place)
    const key = `${place.topic}-${place.partition}`
    const baseSequence = this.#sequences.get(key) ?? 0
    this.#sequences.set(key, baseSequence + batch.values.length)
    const producer = { producerId: this.#producerId, producerEpoch: 0, baseSequence }
    this.#world.note(
      `    ${batch.values[0]} of producer ${this.#producerId} has sequence ${baseSequence} in ${key}`
    )
    const pending = { batch, bytes: recordBatch(batch.values, this.#world.schedule.nowMs, producer) }
    this.#pending.push(pending)
    this.#send(pending)
  }

  connectionLost(): void {
    if (this.#producerId === 'asked') this.#producerId = 'none'
    if (this.#pending.length > 0) this.#unsent = 'some'
  }

  #ask(): void {
    this.#producerId = 'asked'
    this.#life = this.#world.lives()
    this.#wire.request(
      initProducerId,
      { transactionalId: null, transactionTimeoutMs: 60_000, producerId: -1n, producerEpoch: -1 },
      {
        answered: ({ errorCode, producerId }) => {
          this.#producerId = errorCode === 0 ? producerId : 'none'
          if (errorCode === 0) this.#world.ledger.count('producer ids')
          else if (!this.#world.diskFails())
            this.#world.broken(`${this.#wire.name}: InitProducerId was answered with error ${errorCode}`)
        },
        lost: () => {}
      }
    )
  }

  #send(pending: Pending): void {
    const { batch, bytes } = pending
    const { topic, partition } = batch
    this.#world.ledger.sent(batch)
    this.#wire.request(
      produce,
      {
        acks: -1,
        timeoutMs: 5000,
        topicData: [{ name: topic, partitionData: [{ index: partition, records: bytes }] }]
      },
      {
        answered: ({ responses }) => {
          const answer = responses[0]?.partitionResponses[0]
          if (answer === undefined) return
          this.#answered(pending, answer.errorCode, Number(answer.baseOffset))
        },
        lost: () => {}
      }
    )
  }

  #answered(pending: Pending, code: number, baseOffset: number): void {
    if (!this.#pending.includes(pending)) return
    const { ledger, diskFails, lives, powerWasLost } = this.#world
    const { batch } = pending
    if (code === 0 || code === errors.duplicate) {
      ledger.acknowledged(batch, code === 0 ? baseOffset : -1)
      this.#pending = this.#pending.filter(each => each !== pending)
      return
    }
    const explained =
      ((code === errors.unknownTopic || code === errors.notLeader) && !batch.topicWasKnown) ||
      (code === errors.tooLarge && batch.values.join('').length > 700) ||
      ((code === errors.storage || code === errors.notLeader) && diskFails()) ||
      // A first batch that was refused, unheard, when there was no topic: a later one came before its repetition.
      (code === errors.outOfOrder && !batch.topicWasKnown) ||
      (code === errors.outOfOrder && (powerWasLost() || this.#hadTrouble === 'yes' || lives() > this.#life))
    if (!explained)
      this.#world.broken(
        `${this.#wire.name}: sequence for ${batch.topic}-${batch.partition} was answered with error ${code}`
      )
    this.#startOver()
  }

  /** Of the broker, in which the id was given: a later one knows only the last batch of each partition. */
  #life = 0
  /** Batches behind one that was refused are out of order. */
  #hadTrouble: 'no' | 'yes' = 'no'

  #startOver(): void {
    this.#hadTrouble = 'yes'
    this.#producerId = 'none'
    this.#pending = []
    this.#unsent = 'none'
    this.#sequences.clear()
  }
}
