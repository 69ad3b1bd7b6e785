// GroupMetadata: stored or embedded data, every version.
import { array, bytes, int32, int64, message, string, type ValueOf } from '../schema.js'

export const groupMetadataKey = message({
  name: 'GroupMetadataKey',
  type: 'data',
  versions: '2',
  flexible: 'none',
  fields: {
    group: string('2')
  }
})
export type GroupMetadataKey = ValueOf<typeof groupMetadataKey>

const memberMetadataFields = {
  memberId: string('0+'),
  groupInstanceId: string('3+', { nullable: '3+', default: null, ignorable: true }),
  clientId: string('0+'),
  clientHost: string('0+'),
  rebalanceTimeout: int32('1+', { default: -1, ignorable: true }),
  sessionTimeout: int32('0+'),
  subscription: bytes('0+'),
  assignment: bytes('0+')
}

export const groupMetadataValue = message({
  name: 'GroupMetadataValue',
  type: 'data',
  versions: '0-4',
  flexible: '4+',
  fields: {
    protocolType: string('0+'),
    generation: int32('0+'),
    protocol: string('0+', { nullable: '0+' }),
    leader: string('0+', { nullable: '0+' }),
    currentStateTimestamp: int64('2+', { default: -1n, ignorable: true }),
    members: array('0+', memberMetadataFields)
  }
})
export type GroupMetadataValue = ValueOf<typeof groupMetadataValue>
