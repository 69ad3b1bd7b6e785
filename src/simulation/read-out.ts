// Reads every partition from its first record to its last, and holds it against the ledger.
import { type ApplicationWorld, type Place, places } from './application-world.js'
import { WireClient } from './client.js'
import { fetch, listOffsets, type ReadRecord, recordsOf } from './requests.js'

const tries = 50

/** `done` once all is read, or something is found broken. */
export function readOut(world: ApplicationWorld, done: () => void): void {
  const wire = new WireClient('reader', world)
  const rest = places.filter(({ topic }) => world.ledger.topics.has(topic))
  let tried = 0
  const begin = (): void => {
    if (++tried > tries) world.broken('the reader cannot read')
    else if (wire.connect()) next()
    else world.schedule.after(1000, begin)
  }
  // Others may come, or it may be the one connection too many.
  const again = (): void => void world.schedule.after(1000, begin)
  const next = (): void => {
    const [place] = rest
    if (place === undefined) {
      wire.close()
      done()
      return
    }
    readPlace(world, wire, place, end => {
      if (end === 'lost') again()
      else {
        rest.shift()
        next()
      }
    })
  }
  begin()
}

function readPlace(
  world: ApplicationWorld,
  wire: WireClient,
  { topic, partition }: Place,
  then: (end: 'read' | 'lost') => void
): void {
  const all: ReadRecord[] = []
  const name = `${topic}-${partition}`
  const lost = (): void => then('lost')
  let next = 0
  const begin = (): void => {
    const partitions = [{ partitionIndex: partition, timestamp: -2n }]
    wire.request(
      listOffsets,
      { replicaId: -1, topics: [{ name: topic, partitions }] },
      {
        answered: ({ topics: [answer] }) => {
          const earliest = answer?.partitions[0]
          if (earliest?.errorCode !== 0) return world.broken(`reading ${name}: error ${earliest?.errorCode}`)
          next = Number(earliest.offset)
          // Segments that nobody had synced may be gone, and those behind them be there.
          if (next === 0 || world.powerWasLost()) ask()
          else world.broken(`${name} begins at ${next}`)
        },
        lost
      }
    )
  }
  const ask = (): void => {
    const asked = { partition, fetchOffset: BigInt(next), partitionMaxBytes: 1_000_000 }
    wire.request(
      fetch,
      {
        replicaId: -1,
        maxWaitMs: 0,
        minBytes: 0,
        maxBytes: 1_000_000,
        sessionEpoch: -1,
        topics: [{ topic, partitions: [asked] }]
      },
      { answered: ({ responses }) => take(responses[0]?.partitions[0]), lost }
    )
  }
  const take = (answer: { errorCode: number; records: Buffer | null } | undefined): void => {
    const records =
      answer?.errorCode === 0
        ? recordsOf(answer.records ?? Buffer.alloc(0), next)
        : `error ${answer?.errorCode}`
    if (typeof records === 'string') world.broken(`reading ${name} from ${next}: ${records}`)
    else if (records.length > 0) {
      all.push(...records)
      next = (records.at(-1)?.offset ?? next) + 1
      ask()
    } else {
      world.ledger.check(topic, partition, all)
      then('read')
    }
  }
  begin()
}
