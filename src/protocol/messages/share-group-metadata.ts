// ShareGroupMetadata: stored or embedded data, every version.
import { int32, message, string, type ValueOf } from '../schema.js'

export const shareGroupMetadataKey = message({
  name: 'ShareGroupMetadataKey',
  type: 'data',
  versions: '11',
  flexible: 'none',
  fields: {
    groupId: string('11')
  }
})
export type ShareGroupMetadataKey = ValueOf<typeof shareGroupMetadataKey>

export const shareGroupMetadataValue = message({
  name: 'ShareGroupMetadataValue',
  type: 'data',
  versions: '0',
  flexible: '0+',
  fields: {
    epoch: int32('0+')
  }
})
export type ShareGroupMetadataValue = ValueOf<typeof shareGroupMetadataValue>
