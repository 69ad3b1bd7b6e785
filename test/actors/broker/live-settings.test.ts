// Goal: no property is described as one that may change while the broker runs unless something goes by the new value.
// Method: the names of what is applied against the update modes of the definitions, both ways.
import { expect, test } from 'vitest'
import {
  atNextStart,
  mainSettings,
  threadSettings,
  topicDefaults
} from '../../../src/actors/broker/live-settings.js'
import { brokerDefinition, brokerDefinitions, isBrokerConfig } from '../../../src/config/definitions.js'
import { isDynamic } from '../../../src/config/dynamic-layer.js'

const all = Object.keys(brokerDefinitions).filter(isBrokerConfig)
const applied = new Set([
  ...[...mainSettings, ...threadSettings].flatMap(({ names }) => names),
  ...topicDefaults,
  ...atNextStart
])

test('whatever is honoured and may change is applied', () => {
  const dynamic = all.filter(name => isDynamic(name) && brokerDefinition(name).support === 'honoured')
  expect(dynamic.filter(name => !applied.has(name))).toEqual([])
  expect(dynamic.length).toBeGreaterThan(20)
})

test('whatever is applied may change, except coarser units and names that are only asked at the start', () => {
  const fixed = [...applied].filter(name => !isDynamic(name))
  expect(fixed.sort()).toEqual([
    'log.flush.scheduler.interval.ms',
    'log.message.format.version',
    'log.retention.hours',
    'log.retention.minutes',
    'log.roll.hours',
    'log.roll.jitter.hours'
  ])
})

test('nothing that protects may change, since nothing would honour it', () => {
  expect(all.filter(name => brokerDefinition(name).support === 'protects' && isDynamic(name))).toEqual([])
})
