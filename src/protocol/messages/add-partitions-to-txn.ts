// AddPartitionsToTxn (24): request and response in every version.
import { array, bool, int16, int32, int64, list, message, string, type ValueOf } from '../schema.js'

const addPartitionsToTxnTopicFields = {
  name: string('0+'),
  partitions: list('int32', '0+')
}

export const addPartitionsToTxnRequest = message({
  name: 'AddPartitionsToTxnRequest',
  key: 24,
  type: 'request',
  versions: '0-5',
  flexible: '3+',
  fields: {
    transactions: array('4+', {
      transactionalId: string('4+'),
      producerId: int64('4+'),
      producerEpoch: int16('4+'),
      verifyOnly: bool('4+'),
      topics: array('4+', addPartitionsToTxnTopicFields)
    }),
    v3AndBelowTransactionalId: string('0-3'),
    v3AndBelowProducerId: int64('0-3'),
    v3AndBelowProducerEpoch: int16('0-3'),
    v3AndBelowTopics: array('0-3', addPartitionsToTxnTopicFields)
  }
})
export type AddPartitionsToTxnRequest = ValueOf<typeof addPartitionsToTxnRequest>

const addPartitionsToTxnPartitionResultFields = {
  partitionIndex: int32('0+'),
  partitionErrorCode: int16('0+')
}

const addPartitionsToTxnTopicResultFields = {
  name: string('0+'),
  resultsByPartition: array('0+', addPartitionsToTxnPartitionResultFields)
}

export const addPartitionsToTxnResponse = message({
  name: 'AddPartitionsToTxnResponse',
  key: 24,
  type: 'response',
  versions: '0-5',
  flexible: '3+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('4+', { ignorable: true }),
    resultsByTransaction: array('4+', {
      transactionalId: string('4+'),
      topicResults: array('4+', addPartitionsToTxnTopicResultFields)
    }),
    resultsByTopicV3AndBelow: array('0-3', addPartitionsToTxnTopicResultFields)
  }
})
export type AddPartitionsToTxnResponse = ValueOf<typeof addPartitionsToTxnResponse>
