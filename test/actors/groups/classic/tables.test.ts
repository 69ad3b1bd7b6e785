// Goal: the tables that groups and members live by do what their machines do. Method: every state and event, both ways.
import { expect, it } from 'vitest'
import { classicGroupMachine } from '../../../../src/actors/groups/classic/classic-group.machine.js'
import { classicMemberMachine } from '../../../../src/actors/groups/classic/classic-member.machine.js'
import { expectTableEqualsMachine } from '../../../support/tables.js'

it('the table of a group is its machine', () => {
  expect(expectTableEqualsMachine(classicGroupMachine)).toBe(8 * 13)
})

it('the table of a member is its machine', () => {
  expect(expectTableEqualsMachine(classicMemberMachine)).toBe(8 * 9)
})
