// Goal: every partition is somebody's and nobody else's, as evenly as subscriptions allow, and no more of them move than that
// needs. Method: properties over random groups; a few groups by hand.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Assign, Assignable, Assignments } from '../../../../src/actors/groups/consumer/assignable.js'
import { type Assignment, nothing, sizeOf } from '../../../../src/actors/groups/consumer/assignment.js'
import { assignRanges } from '../../../../src/actors/groups/consumer/range-assignor.js'
import { assignUniformly } from '../../../../src/actors/groups/consumer/uniform-assignor.js'
import type { Uuid } from '../../../../src/protocol/schema.js'
import { idOf } from './consumer-world.js'

interface Group {
  readonly partitions: readonly number[]
  /** By member: numbers of topics. */
  readonly subscriptions: readonly (readonly number[])[]
}

const topicId = (index: number): Uuid => idOf(`t${index}`)

function assignable({ partitions, subscriptions }: Group, previous: Assignments = new Map()): Assignable {
  const subscribed = new Set(subscriptions.flat())
  return {
    members: subscriptions.map((topics, index) => ({
      memberId: `m${index}`,
      instanceId: null,
      topics: new Set(topics.map(topicId)),
      previous: previous.get(`m${index}`) ?? nothing
    })),
    partitionCounts: new Map(
      partitions.flatMap((count, index) => (subscribed.has(index) ? [[topicId(index), count] as const] : []))
    )
  }
}

const topicCounts = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 })
const alike: fc.Arbitrary<Group> = fc
  .record({ partitions: topicCounts, members: fc.integer({ min: 1, max: 9 }) })
  .map(({ partitions, members }) => ({
    partitions,
    subscriptions: Array.from({ length: members }, () => partitions.map((_, index) => index))
  }))
const mixed: fc.Arbitrary<Group> = topicCounts.chain(partitions =>
  fc
    .array(fc.subarray(partitions.map((_, index) => index)), { minLength: 1, maxLength: 9 })
    .map(subscriptions => ({ partitions, subscriptions }))
)

function pairs(assignments: Assignments): string[] {
  return [...assignments].flatMap(([memberId, assignment]) =>
    [...assignment].flatMap(([topic, numbers]) =>
      [...numbers].map(number => `${topic}-${number} ${memberId}`)
    )
  )
}

function expectEachOnce({ members, partitionCounts }: Assignable, assignments: Assignments): void {
  const partitions = pairs(assignments).map(pair => pair.split(' ')[0])
  const all = [...partitionCounts].flatMap(([id, count]) =>
    Array.from({ length: count }, (_, n) => `${id}-${n}`)
  )
  expect(partitions.sort()).toEqual(all.sort())
  for (const { memberId, topics } of members) {
    for (const topic of assignments.get(memberId)?.keys() ?? []) expect(topics.has(topic)).toBe(true)
  }
}

const sizes = ({ members }: Assignable, assignments: Assignments): number[] =>
  members.map(({ memberId }) => sizeOf(assignments.get(memberId) ?? nothing))

const spread = (numbers: readonly number[]): number => Math.max(...numbers) - Math.min(...numbers)

describe.each<[string, Assign]>([
  ['uniform', assignUniformly],
  ['range', assignRanges]
])('%s', (_, assign) => {
  it('every partition is assigned once, to somebody who subscribes to it', () => {
    fc.assert(
      fc.property(fc.oneof(alike, mixed), group => {
        const input = assignable(group)
        expectEachOnce(input, assign(input))
      })
    )
  })

  it('the same group is assigned the same way', () => {
    fc.assert(
      fc.property(fc.oneof(alike, mixed), group => {
        expect(assign(assignable(group))).toEqual(assign(assignable(group)))
      })
    )
  })

  it('what was assigned before may be nonsense', () => {
    fc.assert(
      fc.property(mixed, mixed, (before, after) => {
        const input = assignable(after, assign(assignable(before)))
        expectEachOnce(input, assign(input))
      })
    )
  })

  it('nobody is assigned nothing', () => {
    expect(assign({ members: [], partitionCounts: new Map() }).size).toBe(0)
    expect(pairs(assign(assignable({ partitions: [3], subscriptions: [[], []] })))).toEqual([])
  })
})

describe('uniform', () => {
  it('members with equal subscriptions differ by one partition at most', () => {
    fc.assert(
      fc.property(alike, group => {
        const input = assignable(group)
        expect(spread(sizes(input, assignUniformly(input)))).toBeLessThanOrEqual(1)
      })
    )
  })

  it('what is even already stays', () => {
    fc.assert(
      fc.property(fc.oneof(alike, mixed), group => {
        const first = assignUniformly(assignable(group))
        expect(pairs(assignUniformly(assignable(group, first))).sort()).toEqual(pairs(first).sort())
      })
    )
  })

  it('a member that goes leaves what the others have to them, where all subscribe alike', () => {
    fc.assert(
      fc.property(alike, group => {
        const first = assignUniformly(assignable(group))
        const fewer = { ...group, subscriptions: group.subscriptions.slice(0, -1) }
        if (fewer.subscriptions.length === 0) return
        const second = new Set(pairs(assignUniformly(assignable(fewer, first))))
        const gone = `m${fewer.subscriptions.length}`
        for (const pair of pairs(first)) if (!pair.endsWith(` ${gone}`)) expect(second).toContain(pair)
      })
    )
  })

  it('a member that comes is given its share, and nothing else moves, where all subscribe alike', () => {
    fc.assert(
      fc.property(alike, group => {
        const first = assignUniformly(assignable(group))
        const more = { ...group, subscriptions: [...group.subscriptions, group.subscriptions[0] ?? []] }
        const input = assignable(more, first)
        const second = assignUniformly(input)
        const moved = pairs(second).filter(pair => !pairs(first).includes(pair))
        expect(moved.every(pair => pair.endsWith(` m${group.subscriptions.length}`))).toBe(true)
        expect(spread(sizes(input, second))).toBeLessThanOrEqual(1)
      })
    )
  })

  it('where subscriptions differ, no single move makes the subscribers of a topic more even', () => {
    fc.assert(
      fc.property(mixed, group => {
        const input = assignable(group)
        const assignments = assignUniformly(input)
        const sizeOfMember = (id: string): number => sizeOf(assignments.get(id) ?? nothing)
        for (const topic of input.partitionCounts.keys()) {
          const subscribers = input.members.filter(({ topics }) => topics.has(topic))
          const least = Math.min(...subscribers.map(({ memberId }) => sizeOfMember(memberId)))
          for (const { memberId } of subscribers) {
            if (assignments.get(memberId)?.has(topic) !== true) continue
            expect(sizeOfMember(memberId) - least).toBeLessThanOrEqual(1)
          }
        }
      })
    )
  })
})

describe('range', () => {
  const list = (assignment: Assignment | undefined): Map<string, number[]> =>
    new Map([...(assignment ?? [])].map(([topic, numbers]) => [topic.slice(0, 2), [...numbers]]))

  it('each topic is split into runs, the first members get one more', () => {
    const assignments = assignRanges(
      assignable({
        partitions: [5, 5],
        subscriptions: [
          [0, 1],
          [0, 1]
        ]
      })
    )
    expect(list(assignments.get('m0'))).toEqual(
      new Map([
        ['t0', [0, 1, 2]],
        ['t1', [0, 1, 2]]
      ])
    )
    expect(list(assignments.get('m1'))).toEqual(
      new Map([
        ['t0', [3, 4]],
        ['t1', [3, 4]]
      ])
    )
  })

  it('static members come first and keep their place under another id', () => {
    const input = assignable({ partitions: [3], subscriptions: [[0], [0], [0]] })
    const ids = ['z', 'a', 'm']
    const instances = [null, 'two', 'one']
    const members = input.members.map((member, index) => ({
      ...member,
      memberId: ids[index] ?? '',
      instanceId: instances[index] ?? null
    }))
    const assignments = assignRanges({ ...input, members })
    expect(['m', 'a', 'z'].map(id => list(assignments.get(id)).get('t0'))).toEqual([[0], [1], [2]])
  })
})
