// SnapshotHeader: stored or embedded data, every version.
import { int16, int64, message, type ValueOf } from '../schema.js'

export const snapshotHeaderRecord = message({
  name: 'SnapshotHeaderRecord',
  type: 'data',
  versions: '0',
  flexible: '0+',
  fields: {
    version: int16('0+'),
    lastContainedLogTimestamp: int64('0+')
  }
})
export type SnapshotHeaderRecord = ValueOf<typeof snapshotHeaderRecord>
