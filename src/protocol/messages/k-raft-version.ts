// KRaftVersion: stored or embedded data, every version.
import { int16, message, type ValueOf } from '../schema.js'

export const kRaftVersionRecord = message({
  name: 'KRaftVersionRecord',
  type: 'data',
  versions: '0',
  flexible: '0+',
  fields: {
    version: int16('0+'),
    kRaftVersion: int16('0+')
  }
})
export type KRaftVersionRecord = ValueOf<typeof kRaftVersionRecord>
