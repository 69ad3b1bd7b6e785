// The server-side assignors by the name that a member asks for: pure functions from members with their subscriptions, and
// what they had, to what each is to have.
import type { Assign } from './assignable.js'
import { assignRanges } from './range-assignor.js'
import { assignUniformly } from './uniform-assignor.js'

export const assignors = { uniform: assignUniformly, range: assignRanges } as const satisfies Record<
  string,
  Assign
>

export type AssignorName = keyof typeof assignors

export function isAssignorName(name: string): name is AssignorName {
  return Object.hasOwn(assignors, name)
}
