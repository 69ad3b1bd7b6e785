// SnapshotFooter: stored or embedded data, every version.
import { int16, message, type ValueOf } from '../schema.js'

export const snapshotFooterRecord = message({
  name: 'SnapshotFooterRecord',
  type: 'data',
  versions: '0',
  flexible: '0+',
  fields: {
    version: int16('0+')
  }
})
export type SnapshotFooterRecord = ValueOf<typeof snapshotFooterRecord>
