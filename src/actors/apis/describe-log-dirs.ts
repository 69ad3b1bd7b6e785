// DescribeLogDirs. Behaviour: every configured directory with the logs that it holds here; one that failed is named with
// its error and without logs. Versions: 2 flexible, 3 an error of its own, 4 the space of the disk.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import {
  type DescribeLogDirsRequest,
  describeLogDirsRequest,
  describeLogDirsResponse
} from '../../protocol/messages/describe-log-dirs.js'
import type { InputOf } from '../../protocol/schema.js'
import type { LogSize } from '../replicas/replica-access.js'
import { defineApi, respond } from './api.js'
import type { LogDirsView } from './needs.js'

type Answer = NonNullable<InputOf<typeof describeLogDirsResponse>['results']>[number]

/** The wire has signed 64 bits; a larger disk is shown as this large. */
const largest = 0x7fff_ffff_ffff_ffffn

export const describeLogDirs = defineApi({
  key: 35,
  name: 'DescribeLogDirs',
  versions: [0, 4],
  request: describeLogDirsRequest,
  response: describeLogDirsResponse,
  needs: ['logDirs', 'replicas'],
  handle(request, _, { logDirs, replicas }) {
    return { kind: 'park', completion: describe(request, logDirs, replicas.logSizes()).then(respondWith) }
  },
  errorResponse: (_, error) => ({ errorCode: errorCode(error), results: [] })
})

const respondWith = (results: Answer[]) => respond({ errorCode: 0, results })

async function describe(
  { topics }: DescribeLogDirsRequest,
  dirs: LogDirsView,
  sizes: readonly LogSize[] | Promise<readonly LogSize[]>
): Promise<Answer[]> {
  const wanted = topics && new Map<string, Set<number>>()
  for (const { topic, partitions } of topics ?? []) {
    wanted?.set(topic, new Set([...(wanted.get(topic) ?? []), ...partitions]))
  }
  const isWanted = (log: LogSize): boolean => wanted?.get(log.topic)?.has(log.partition) ?? wanted === null
  const logs = (await sizes).filter(isWanted)
  return Promise.all(
    dirs.all().map(async ({ path, isOffline }) => {
      if (isOffline) return failed(path, 'KAFKA_STORAGE_ERROR')
      const own = logs.filter(({ logDir }) => logDir === path)
      const space = await dirs.space(path).catch(() => undefined)
      if (space === undefined) return failed(path, 'KAFKA_STORAGE_ERROR')
      const { totalBytes, usableBytes } = space
      return {
        errorCode: 0,
        logDir: path,
        topics: byTopic(own),
        totalBytes: totalBytes < largest ? totalBytes : largest,
        usableBytes: usableBytes < largest ? usableBytes : largest
      }
    })
  )
}

function failed(logDir: string, error: ErrorName): Answer {
  return { errorCode: errorCode(error), logDir, topics: [] }
}

function byTopic(logs: readonly LogSize[]): NonNullable<Answer['topics']> {
  const topics = new Map<string, LogSize[]>()
  for (const log of logs) {
    const known = topics.get(log.topic)
    if (known === undefined) topics.set(log.topic, [log])
    else known.push(log)
  }
  return [...topics].map(([name, partitions]) => ({
    name,
    partitions: partitions.map(({ partition, sizeBytes, offsetLag }) => ({
      partitionIndex: partition,
      partitionSize: BigInt(sizeBytes),
      offsetLag: BigInt(offsetLag),
      isFutureKey: false
    }))
  }))
}
