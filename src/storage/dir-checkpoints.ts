// The checkpoint files in the root of one log dir, and what they say of each partition.
import path from 'node:path'
import { MalformedFile, OffsetCheckpointFile } from './checkpoint.js'
import type { Files } from './files.js'
import type { CheckpointValues } from './shard-logs.js'

export interface CheckpointedOffsets {
  readonly recoveryPoint: number
  readonly logStartOffset: number
  readonly highWatermark: number
}

export class DirCheckpoints {
  readonly #recoveryPoints: OffsetCheckpointFile
  readonly #logStarts: OffsetCheckpointFile
  readonly #highWatermarks: OffsetCheckpointFile

  constructor(files: Files, directory: string) {
    const file = (name: string) => new OffsetCheckpointFile(files, path.join(directory, name))
    this.#recoveryPoints = file('recovery-point-offset-checkpoint')
    this.#logStarts = file('log-start-offset-checkpoint')
    this.#highWatermarks = file('replication-offset-checkpoint')
  }

  /** A file that cannot be read counts as empty: then everything is recovered. */
  read(warn: (message: string) => void): (of: { topic: string; partition: number }) => CheckpointedOffsets {
    const [recoveryPoints, logStarts, highWatermarks] = [
      this.#recoveryPoints,
      this.#logStarts,
      this.#highWatermarks
    ].map(file => {
      const entries = file.read()
      if (!(entries instanceof MalformedFile)) {
        return new Map(entries.map(entry => [`${entry.topic}-${entry.partition}`, Math.max(0, entry.offset)]))
      }
      warn(`Error reading ${file.path} (${entries.reason}), resetting all of its offsets to 0`)
      return new Map<string, number>()
    })
    return ({ topic, partition }) => {
      const name = `${topic}-${partition}`
      return {
        recoveryPoint: recoveryPoints?.get(name) ?? 0,
        logStartOffset: logStarts?.get(name) ?? 0,
        highWatermark: highWatermarks?.get(name) ?? 0
      }
    }
  }

  writeRecoveryPoints(values: readonly CheckpointValues[]): void {
    this.#recoveryPoints.write(
      values.map(({ topic, partition, recoveryPoint }) => ({ topic, partition, offset: recoveryPoint }))
    )
    this.#logStarts.write(
      values.flatMap(({ topic, partition, logStartOffset }) =>
        logStartOffset === undefined ? [] : [{ topic, partition, offset: logStartOffset }]
      )
    )
  }

  writeHighWatermarks(values: readonly CheckpointValues[]): void {
    this.#highWatermarks.write(
      values.map(({ topic, partition, highWatermark }) => ({ topic, partition, offset: highWatermark }))
    )
  }
}
