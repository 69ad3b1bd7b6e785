// `partition.metadata`: the topic id of a partition's directory. On disk before the first record is.
import path from 'node:path'
import { asUuid, type Uuid, ZERO_UUID } from '../protocol/schema.js'
import { MalformedFile } from './checkpoint.js'
import { type Files, replaceFile } from './files.js'

export const partitionMetadataName = 'partition.metadata'

/** undefined: there is none. */
export function readPartitionMetadata(files: Files, directory: string): Uuid | MalformedFile | undefined {
  const bytes = files.readFile(path.join(directory, partitionMetadataName))
  if (bytes === undefined) return undefined
  const fields = new Map(
    bytes
      .toString('utf8')
      .split(/\r?\n/)
      .map(line => line.split(/:\s+/))
      .map(([key = '', value = '']) => [key, value])
  )
  if (!/^\d+$/.test(fields.get('version') ?? ''))
    return new MalformedFile('partition.metadata has no version')
  const id = asUuid(fields.get('topic_id') ?? '')
  if (id === undefined || id === ZERO_UUID) return new MalformedFile('partition.metadata has no topic id')
  return id
}

/** Not synced: the log does that before its first flush counts. */
export function writePartitionMetadata(files: Files, directory: string, topicId: Uuid): void {
  replaceFile(files, path.join(directory, partitionMetadataName), `version: 0\ntopic_id: ${topicId}`)
}
