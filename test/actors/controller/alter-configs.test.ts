// Goal: changes of configs answer as Kafka 3.9 answered the same requests, are in the tree before they are answered and in
// force again after a start, whatever was lost in between. Method: a controller on a disk in memory; the answers below
// were taken from Kafka 3.9.1.
import { describe, expect, test } from 'vitest'
import type { AlteredResource } from '../../../src/actors/controller/controller-client.js'
import { decodeConfigs } from '../../../src/coordination/kafka-znodes.js'
import { isRefused } from '../../../src/coordination/tree.js'
import { errorMessage } from '../../../src/errors.js'
import { boot, creation, newWorld, type Running } from './controller-world.js'

const [set, unset, append, subtract] = [0, 1, 2, 3]
const topicType = 2
const brokerType = 4
const groupType = 32

type Entry = readonly [op: number | undefined, name: string, value?: string | null]

const resource = (type: number, name: string, ...entries: Entry[]): AlteredResource => ({
  type,
  name,
  entries: entries.map(([op = -1, key, value = null]) => ({ name: key, op, value }))
})

const step = ({ controller }: Running, ...resources: AlteredResource[]) =>
  controller.alterConfigs({ mode: 'step', resources, validateOnly: false })

async function withTopic(): Promise<Running> {
  const running = await boot(newWorld())
  await running.controller.createTopics({ topics: [creation('a')], timeoutMs: 1000, validateOnly: false })
  return running
}

const stored = async ({ tree }: Running, path: string): Promise<unknown> => {
  const node = await tree.get(`/config/${path}`)
  return node && decodeConfigs(node.data)
}

describe('a topic', () => {
  test('has what was stepped to, in the tree and in every image', async () => {
    const at = await withTopic()
    const steps = [
      [
        [set, 'retention.ms', '1000'],
        [append, 'cleanup.policy', 'compact']
      ],
      [
        [subtract, 'cleanup.policy', 'delete'],
        [unset, 'retention.ms'],
        [unset, 'segment.ms']
      ]
    ] satisfies Entry[][]
    const seen: unknown[] = []
    for (const entries of steps) {
      expect(await step(at, resource(topicType, 'a', ...entries))).toEqual([{ error: 'NONE', message: null }])
      seen.push(at.image().topics.get('a')?.configs)
      expect(await stored(at, 'topics/a')).toEqual(at.image().topics.get('a')?.configs)
    }
    expect(seen).toEqual([
      { 'retention.ms': '1000', 'cleanup.policy': 'delete,compact' },
      { 'cleanup.policy': 'compact' }
    ])
  })

  test('has exactly what AlterConfigs names', async () => {
    const at = await withTopic()
    await step(at, resource(topicType, 'a', [set, 'retention.ms', '1000']))
    const resources = [resource(topicType, 'a', [set, 'flush.messages', '7'])]
    await at.controller.alterConfigs({ mode: 'replace', resources, validateOnly: false })
    expect(at.image().topics.get('a')?.configs).toEqual({ 'flush.messages': '7' })
  })

  test('stays as it is when the change is only validated', async () => {
    const at = await withTopic()
    const ask = (value: string) =>
      at.controller.alterConfigs({
        mode: 'step',
        resources: [resource(topicType, 'a', [set, 'segment.bytes', value])],
        validateOnly: true
      })
    expect(await ask('2000')).toEqual([{ error: 'NONE', message: null }])
    expect((await ask('1'))[0]?.error).toBe('INVALID_CONFIG')
    expect(at.image().topics.get('a')?.configs).toEqual({})
  })

  test.each<[string, AlteredResource, string, RegExp]>([
    [
      'an unknown name',
      resource(topicType, 'a', [set, 'no.such', '1']),
      'INVALID_CONFIG',
      /^Unknown topic config/
    ],
    [
      'a bad value',
      resource(topicType, 'a', [set, 'segment.bytes', '1']),
      'INVALID_CONFIG',
      /TOPIC, name='a'\): Inv/
    ],
    [
      'no value',
      resource(topicType, 'a', [set, 'segment.bytes']),
      'INVALID_REQUEST',
      /^Null value not supported/
    ],
    [
      'two values',
      resource(topicType, 'a', [set, 'x', '1'], [unset, 'x']),
      'INVALID_REQUEST',
      /duplicate config keys/
    ],
    [
      'no list',
      resource(topicType, 'a', [append, 'segment.bytes', '1']),
      'INVALID_CONFIG',
      /append is not allowed/
    ],
    [
      'no operation',
      resource(topicType, 'a', [9, 'segment.bytes', '1']),
      'INVALID_REQUEST',
      /operations type 9/
    ],
    [
      'lags that cross',
      resource(topicType, 'a', [set, 'max.compaction.lag.ms', '2'], [set, 'min.compaction.lag.ms', '3']),
      'INVALID_CONFIG',
      /^conflict topic config/
    ],
    [
      'nobody',
      resource(topicType, 'b', [set, 'segment.bytes', '99']),
      'UNKNOWN_TOPIC_OR_PARTITION',
      /does not exist/
    ],
    [
      'all topics',
      resource(topicType, '', [set, 'segment.bytes', '99']),
      'INVALID_REQUEST',
      /^Default topic resources/
    ],
    [
      'another type',
      resource(1, 'a', [set, 'segment.bytes', '99']),
      'INVALID_REQUEST',
      /^Unknown resource type 1/
    ],
    [
      'metrics of clients',
      resource(16, 'a', [set, 'interval.ms', '9']),
      'INVALID_REQUEST',
      /CLIENT_METRICS$/
    ],
    ['a logger', resource(8, '0', [set, 'root', 'INFO']), 'INVALID_CONFIG', /^Logger root does not exist!/]
  ])('refuses %s with its error', async (_, asked, error, message) => {
    const at = await withTopic()
    const [verdict] = await step(at, asked)
    expect(verdict?.error).toBe(error)
    expect(verdict?.message).toMatch(message)
  })

  test('is answered alone, and not at all twice', async () => {
    const at = await withTopic()
    const verdicts = await step(
      at,
      resource(topicType, 'a', [set, 'segment.bytes', '99']),
      resource(topicType, 'b', [set, 'segment.bytes', '99']),
      resource(brokerType, '0', [set, 'message.max.bytes', '99']),
      resource(brokerType, '0', [set, 'message.max.bytes', '98'])
    )
    expect(verdicts.map(({ error }) => error)).toEqual([
      'NONE',
      'UNKNOWN_TOPIC_OR_PARTITION',
      'INVALID_REQUEST',
      'INVALID_REQUEST'
    ])
  })
})

describe('a group', () => {
  const session = 'consumer.session.timeout.ms'

  test('has its own values in every image, and again after a kill, whatever its name', async () => {
    const world = newWorld()
    const at = await boot(world)
    const names = ['g', 'a/b c', '..', 'größe']
    for (const name of names) {
      expect(await step(at, resource(groupType, name, [set, session, '46000']))).toEqual([
        { error: 'NONE', message: null }
      ])
    }
    const whole = names.map(name => [name, { [session]: '46000' }])
    expect([...at.image().groupConfigs]).toEqual(whole)
    expect(await stored(at, 'groups/g')).toEqual({ [session]: '46000' })
    const restarted = await boot(world)
    expect(new Map(restarted.image().groupConfigs)).toEqual(new Map(whole as [string, object][]))
    await step(restarted, resource(groupType, '..', [unset, session]))
    expect(restarted.image().groupConfigs.has('..')).toBe(false)
    expect((await boot(world)).image().groupConfigs.has('..')).toBe(false)
  })

  test('of one request is changed with the others', async () => {
    const at = await boot(newWorld())
    const asked = ['g', 'h'].map(name => resource(groupType, name, [set, session, '46000']))
    expect((await step(at, ...asked)).map(({ error }) => error)).toEqual(['NONE', 'NONE'])
    expect([...at.image().groupConfigs.keys()]).toEqual(['g', 'h'])
  })

  test('stays as it is when the change is refused or only validated', async () => {
    const at = await boot(newWorld())
    const refusals = await step(
      at,
      resource(groupType, '', [set, session, '46000']),
      resource(groupType, 'g', [set, session, '1']),
      resource(groupType, 'h', [append, session, '1'])
    )
    expect(refusals.map(({ error }) => error)).toEqual([
      'INVALID_REQUEST',
      'INVALID_CONFIG',
      'INVALID_CONFIG'
    ])
    const resources = [resource(groupType, 'g', [set, session, '46000'])]
    expect(await at.controller.alterConfigs({ mode: 'step', resources, validateOnly: true })).toEqual([
      { error: 'NONE', message: null }
    ])
    expect(at.image().groupConfigs.size).toBe(0)
  })

  test('has exactly what AlterConfigs names', async () => {
    const at = await boot(newWorld())
    await step(at, resource(groupType, 'g', [set, session, '46000']))
    const resources = [resource(groupType, 'g', [set, 'consumer.heartbeat.interval.ms', '6000'])]
    await at.controller.alterConfigs({ mode: 'replace', resources, validateOnly: false })
    expect(at.image().groupConfigs.get('g')).toEqual({ 'consumer.heartbeat.interval.ms': '6000' })
  })
})

describe('brokers', () => {
  test('have what is for one of them before what is for all', async () => {
    const at = await withTopic()
    await step(
      at,
      resource(brokerType, '', [set, 'message.max.bytes', '90']),
      resource(brokerType, '+0', [set, 'message.max.bytes', '80'])
    )
    expect(at.config.get('message.max.bytes')).toBe(80)
    expect(await stored(at, 'brokers/<default>')).toEqual({ 'message.max.bytes': '90' })
    await step(at, resource(brokerType, '0', [unset, 'message.max.bytes']))
    expect(at.config.get('message.max.bytes')).toBe(90)
  })

  test.each<[string, AlteredResource, RegExp]>([
    [
      'of another id',
      resource(brokerType, '7', [set, 'message.max.bytes', '9']),
      /expected 0, but received 7/
    ],
    [
      'of no id',
      resource(brokerType, 'x', [set, 'message.max.bytes', '9']),
      /must be an integer, but it is: x/
    ],
    [
      'of what is read-only',
      resource(brokerType, '0', [set, 'num.partitions', '9']),
      /Set\(num.partitions\)/
    ],
    [
      'of too many threads',
      resource(brokerType, '', [set, 'num.io.threads', '17']),
      /double the current value 8/
    ]
  ])('refuse a change %s', async (_, asked, message) => {
    const at = await withTopic()
    const [verdict] = await step(at, asked)
    expect(verdict).toMatchObject({ error: 'INVALID_REQUEST', message: expect.stringMatching(message) })
    expect(at.config.dynamic).toEqual({ broker: {}, clusterDefault: {} })
  })

  test('have their changes in the log, without what may be a secret', async () => {
    const at = await withTopic()
    await step(at, resource(brokerType, '0', [set, 'num.io.threads', '9'], [set, 'my.\nkey', 'secret']))
    const line = 'updating broker 0 with new configuration: num.io.threads -> 9, "my.\\nkey" -> [hidden]'
    expect(at.log).toContain(line)
  })

  test('are asked one after the other: the second change counts from the first', async () => {
    const at = await withTopic()
    const threads = (count: number) =>
      step(at, resource(brokerType, '0', [set, 'num.io.threads', `${count}`]))
    const verdicts = await Promise.all([threads(16), threads(32), threads(8)])
    expect(verdicts.map(([verdict]) => verdict?.error)).toEqual(['NONE', 'NONE', 'INVALID_REQUEST'])
    expect(at.config.get('num.io.threads')).toBe(32)
  })
})

test('I-55: changes are carried out in the order of their notes, each once, and all of them at the start', async () => {
  const world = newWorld()
  const applied: string[] = []
  const reconfigured = async ({ broker }: { broker: Readonly<Record<string, string>> }) => {
    applied.push(broker['message.max.bytes'] ?? '')
  }
  const at = await boot(world, { overrides: { reconfigured } })
  const values = ['10', '20', '30']
  await Promise.all(
    values.map(value => step(at, resource(brokerType, '0', [set, 'message.max.bytes', value])))
  )
  expect(applied).toEqual(values)
  const notes = await at.tree.children('/config/changes')
  if (isRefused(notes)) throw new Error('no notes')
  expect(notes).toHaveLength(3)
  expect([...notes].sort()).toEqual(notes)
  const note = await at.tree.get(`/config/changes/${notes[0]}`)
  expect(JSON.parse(String(note?.data))).toEqual({ version: 2, entity_path: 'brokers/0' })
  expect((await boot(world)).config.get('message.max.bytes')).toBe(30)
})

test('notes of changes go when they are a quarter of an hour old', async () => {
  let now = 0
  const at = await boot(newWorld(), { overrides: { nowMs: () => now } })
  const change = () => step(at, resource(brokerType, '0', [set, 'message.max.bytes', '9']))
  await change()
  now = 14 * 60_000
  await change()
  now = 15 * 60_000
  await change()
  expect(await at.tree.children('/config/changes')).toHaveLength(2)
})

test('whatever write the power is lost in, an answered change is in force after the next start', async () => {
  for (let atWrite = 1; atWrite < 40; atWrite++) {
    const world = newWorld()
    const before = await boot(world)
    await before.controller.createTopics({ topics: [creation('a')], timeoutMs: 1000, validateOnly: false })
    const fault = { atWrite: world.disk.writes + atWrite, keep: atWrite % 2 }
    let answered = 0
    let lost = false
    try {
      const at = await boot(world, { fault })
      for (let i = 1; i <= 4; i++) {
        const [verdict] = await step(
          at,
          resource(topicType, 'a', [set, 'flush.messages', `${i}`]),
          resource(brokerType, '0', [set, 'message.max.bytes', `${i}`])
        )
        if (verdict?.error === 'NONE') answered = i
      }
    } catch (error) {
      if (!/power/.test(errorMessage(error))) throw error
      lost = true
    }
    const after = await boot(world)
    const values = [
      after.image().topics.get('a')?.configs['flush.messages'],
      after.config.dynamic.broker['message.max.bytes']
    ]
    for (const value of values) expect([answered, answered + 1]).toContain(Number(value ?? 0))
    if (!lost) return
  }
  expect.fail('every write lost the power')
})
