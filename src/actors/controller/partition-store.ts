// What the controller asks of those who store partitions (the shards). All of it may be repeated after a crash, so
// each must succeed when it was done before.
import type { ErrorName } from '../../protocol/error-codes.js'
import type { Uuid } from '../../protocol/schema.js'

export type StoreVerdict =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly error: ErrorName; readonly message: string }

export const stored: StoreVerdict = { kind: 'done' }

export interface PartitionStore {
  /** Creates the log, or opens the one that is there with this id, ready for leader appends at `leaderEpoch`. */
  create(
    topic: string,
    id: Uuid,
    partition: number,
    configs: Readonly<Record<string, string>>,
    leaderEpoch: number
  ): Promise<StoreVerdict>
  /**
   * The log is closed and its directory gone or renamed to `-delete`, so that no restart finds it by its name. Nothing
   * to do when there is no such log or it has another id. Requests that wait on the partition are answered.
   */
  delete(topic: string, id: Uuid, partition: number): Promise<StoreVerdict>
}
