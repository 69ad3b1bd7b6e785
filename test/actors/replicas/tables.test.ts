// Goal: the tables that requests are served by do what their machines do. Method: every state and event of each, both ways.
import { expect, test } from 'vitest'
import { delayedOperationMachine } from '../../../src/actors/replicas/delayed-operation.machine.js'
import { partitionSyncMachine } from '../../../src/actors/replicas/partition-sync.machine.js'
import { purgatoryMachine } from '../../../src/actors/replicas/purgatory.machine.js'
import { expectTableEqualsMachine } from '../../support/tables.js'

test('the table of delayed operations is their machine', () => {
  expect(expectTableEqualsMachine(delayedOperationMachine)).toBe(56)
})

test('the table of the purgatory is its machine', () => {
  expect(expectTableEqualsMachine(purgatoryMachine)).toBe(6)
})

test('the table of a partition’s way to the disk is its machine', () => {
  expect(expectTableEqualsMachine(partitionSyncMachine)).toBe(12)
})
