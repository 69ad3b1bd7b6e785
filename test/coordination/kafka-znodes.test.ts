// Goal: znodes read as Kafka wrote them and are written as Kafka reads them. Method: contents copied from a running
// Kafka 3.9 in ZooKeeper mode, and damaged ones.
import { expect, test } from 'vitest'
import {
  decodeClusterId,
  decodeConfigs,
  decodePartitionState,
  decodeProducerIdBlock,
  decodeTopic,
  encodeBroker,
  encodeClusterId,
  encodeConfigs,
  encodeController,
  encodePartitionState,
  encodeProducerIdBlock,
  encodeTopic
} from '../../src/coordination/kafka-znodes.js'

const same = (written: Buffer, kafkas: string): void =>
  expect(JSON.parse(written.toString())).toEqual(JSON.parse(kafkas))

const topic =
  '{"partitions":{"0":[0],"1":[0]},"topic_id":"eL1eXo7-R1aM07UQu5vP1A","adding_replicas":{},"removing_replicas":{},"version":3}'
const state = '{"controller_epoch":1,"leader":0,"version":1,"leader_epoch":0,"isr":[0]}'
const block = '{"version":1,"broker":0,"block_start":"0","block_end":"999"}'

test('what Kafka wrote is read', () => {
  expect(decodeTopic(Buffer.from(topic))).toEqual({ id: 'eL1eXo7-R1aM07UQu5vP1A', replicas: [[0], [0]] })
  expect(decodePartitionState(Buffer.from(state))).toEqual({
    leader: 0,
    leaderEpoch: 0,
    controllerEpoch: 1,
    isr: [0]
  })
  expect(decodeProducerIdBlock(Buffer.from(block))).toEqual({ broker: 0, start: 0, end: 999 })
  expect(decodeConfigs(Buffer.from('{"version":1,"config":{"retention.ms":"-1"}}'))).toEqual({
    'retention.ms': '-1'
  })
  expect(decodeTopic(Buffer.from('{"version":1,"partitions":{"0":[1,2]}}'))).toEqual({
    id: undefined,
    replicas: [[1, 2]]
  })
})

test('what is written is what Kafka writes', () => {
  same(encodeTopic('eL1eXo7-R1aM07UQu5vP1A', [[0], [0]]), topic)
  same(encodePartitionState({ leader: 0, leaderEpoch: 0, controllerEpoch: 1, isr: [0] }), state)
  same(encodeProducerIdBlock({ broker: 0, start: 0, end: 999 }), block)
  same(encodeClusterId('ILoDsgnaSsm7g9KrIMDMqg'), '{"version":"1","id":"ILoDsgnaSsm7g9KrIMDMqg"}')
  same(
    encodeConfigs({ 'message.max.bytes': '1048588' }),
    '{"version":1,"config":{"message.max.bytes":"1048588"}}'
  )
  same(
    encodeController(0, 1795244467333),
    '{"version":2,"brokerid":0,"timestamp":"1795244467333","kraftControllerEpoch":-1}'
  )
  same(
    encodeBroker(
      [{ listener: 'PLAINTEXT', securityProtocol: 'PLAINTEXT', host: '127.0.0.1', port: 9092 }],
      null,
      1795243167503
    ),
    '{"features":{},"listener_security_protocol_map":{"PLAINTEXT":"PLAINTEXT"},"endpoints":["PLAINTEXT://127.0.0.1:9092"],"jmx_port":-1,"port":9092,"host":"127.0.0.1","version":5,"timestamp":"1795243167503"}'
  )
})

test('what does not read is told apart from what is empty', () => {
  for (const text of [
    '',
    'null',
    '[]',
    '{"partitions":3}',
    '{"partitions":{"1":[0]}}',
    '{"partitions":{"0":["x"]}}'
  ]) {
    expect(decodeTopic(Buffer.from(text)), text).toBeUndefined()
  }
  expect(decodeTopic(Buffer.from('{"partitions":{}}'))).toEqual({ id: undefined, replicas: [] })
  expect(decodePartitionState(Buffer.from('{"leader":0}'))).toBeUndefined()
  expect(decodeProducerIdBlock(Buffer.from('{"block_start":"x","block_end":"9"}'))).toBeUndefined()
  expect(decodeClusterId(Buffer.from('{"version":"1"}'))).toBeUndefined()
})
