// Goal: the checker finds what is wrong and says so shortly, and finds nothing where all is right. Method: textbook models
// whose answers are known: a lock of two, its broken forms, a counter; each kind of property once kept and once broken.
import { describe, expect, it } from 'vitest'
import { check } from '../../src/verify/check.js'
import type { Action, Model } from '../../src/verify/model.js'
import { walk } from '../../src/verify/walk.js'

interface Turn {
  readonly first: 'away' | 'wants' | 'in'
  readonly second: 'away' | 'wants' | 'in'
  readonly lock: 0 | 1
}
type Who = 'first' | 'second'

const action = (from: Who, says: string, by: Action['by'] = 'actor'): Action => ({
  from,
  to: 'lock',
  says,
  by
})
const actions = {
  first: [action('first', 'wants in', 'environment'), action('first', 'enters'), action('first', 'leaves')],
  second: [
    action('second', 'wants in', 'environment'),
    action('second', 'enters'),
    action('second', 'leaves')
  ]
} as const

/** Two that share a lock; `broken` says how. */
function lockModel(broken?: 'noLock' | 'neverLeaves' | 'throws'): Model<Turn> {
  return {
    name: 'lock',
    about: 'two and a lock',
    parts: ['first', 'second', 'lock'],
    initial: () => ({ first: 'away', second: 'away', lock: 0 }),
    next(state, step) {
      for (const who of ['first', 'second'] as const) {
        const [wants, enters, leaves] = actions[who]
        if (state[who] === 'away') step(wants, { ...state, [who]: 'wants' })
        if (state[who] === 'wants' && (state.lock === 0 || broken === 'noLock'))
          step(enters, { ...state, [who]: 'in', lock: 1 })
        if (state[who] === 'in' && broken === 'throws') throw new Error('no way out')
        if (state[who] === 'in' && broken !== 'neverLeaves')
          step(leaves, { ...state, [who]: 'away', lock: 0 })
      }
    },
    key: ({ first, second, lock }) => `${first} ${second} ${lock}`,
    show: ({ first, second, lock }) => ({ first, second, lock: lock === 1 ? 'taken' : 'free' }),
    mayRest: () => false,
    always: [
      {
        id: 'one-at-a-time',
        says: 'never both are in',
        holds: ({ first, second }) => first !== 'in' || second !== 'in'
      }
    ],
    sometimes: [{ says: 'the second is in', holds: ({ second }) => second === 'in' }]
  }
}

describe('check', () => {
  it('sees every state of a right model and finds nothing', () => {
    const report = check(lockModel())
    expect(report).toMatchObject({ states: 8, transitions: 14, depth: 3, complete: true, violations: [] })
  })

  it('gives the shortest way to a state that must not be', () => {
    const [violation, ...others] = check(lockModel('noLock')).violations
    expect(others).toEqual([])
    expect(violation).toMatchObject({ id: 'one-at-a-time', says: 'never both are in' })
    expect(violation?.counterexample?.initial).toEqual({ first: 'away', second: 'away', lock: 'free' })
    const steps = violation?.counterexample?.steps ?? []
    expect(steps.map(({ action: { from, says } }) => `${from} ${says}`)).toHaveLength(4)
    expect(steps.at(-1)?.state).toEqual({ first: 'in', second: 'in', lock: 'taken' })
  })

  it('finds a deadlock, and an exception with the way to it', () => {
    const { violations } = check(lockModel('neverLeaves'))
    expect(violations.map(({ id }) => id)).toEqual(['no-deadlock'])
    const [thrown] = check(lockModel('throws')).violations
    expect(thrown).toMatchObject({ id: 'no-exception', says: 'nothing throws: no way out' })
    expect(thrown?.counterexample?.steps).toHaveLength(2)
  })

  it('notices a step that may not be taken', () => {
    const model: Model<Turn> = {
      ...lockModel(),
      everyStep: [
        {
          id: 'first-first',
          says: 'the second does not leave',
          holds: (_, { from, says }) => from !== 'second' || says !== 'leaves'
        }
      ]
    }
    const [violation] = check(model).violations
    expect(violation?.id).toBe('first-first')
    expect(violation?.counterexample?.steps.map(({ action: { says } }) => says)).toEqual([
      'wants in',
      'enters',
      'leaves'
    ])
  })

  it('fails when a situation that should occur does not', () => {
    const sometimes = [
      { says: 'both are in', holds: ({ first, second }: Turn) => first === 'in' && second === 'in' }
    ]
    expect(check({ ...lockModel(), sometimes }).violations).toEqual([
      { id: 'sometimes', says: 'never happens: both are in' }
    ])
  })

  it('fails when a bound was hit, and is not complete', () => {
    const report = check(lockModel(), { maxStates: 4 })
    expect(report.complete).toBe(false)
    expect(report.violations.map(({ id }) => id)).toEqual(['bound'])
  })

  it('knows what is possible from everywhere and what is not', () => {
    const comesIn = {
      id: 'may-come-in',
      says: 'who wants in can come in',
      from: ({ first }: Turn) => first === 'wants',
      to: ({ first }: Turn) => first === 'in'
    }
    expect(check({ ...lockModel(), possible: [comesIn] }).violations).toEqual([])
    const stuck: Model<Turn> = { ...lockModel('neverLeaves'), mayRest: () => true, possible: [comesIn] }
    const [violation] = check(stuck).violations
    expect(violation?.id).toBe('may-come-in')
    expect(violation?.counterexample?.steps.at(-1)?.state).toEqual({
      first: 'wants',
      second: 'in',
      lock: 'taken'
    })
  })

  it('finds the cycle on which one starves, and none where every actor gets its turn', () => {
    const leavesAgain = {
      id: 'leaves-again',
      says: 'who is in leaves',
      from: ({ first }: Turn) => first === 'in',
      to: ({ first }: Turn) => first === 'away'
    }
    expect(check({ ...lockModel(), inevitable: [leavesAgain] }).violations).toEqual([])
    // Weak fairness lets the second come back again and again before the first finds the lock free for long.
    const comesIn = {
      ...leavesAgain,
      id: 'comes-in',
      from: ({ first }: Turn) => first === 'wants',
      to: ({ first }: Turn) => first === 'in'
    }
    const [violation] = check({ ...lockModel(), inevitable: [comesIn] }).violations
    expect(violation?.id).toBe('comes-in')
    const { steps = [], cycleFrom = -1 } = violation?.counterexample ?? {}
    expect(steps.slice(cycleFrom).map(({ action: { from } }) => from)).toEqual(['second', 'second', 'second'])
    expect(steps.at(-1)?.state).toEqual(steps[cycleFrom - 1]?.state)
  })

  it('finds a rest before the goal', () => {
    const model: Model<Turn> = {
      ...lockModel('neverLeaves'),
      mayRest: () => true,
      inevitable: [
        {
          id: 'ends-away',
          says: 'all go away',
          from: () => true,
          to: ({ first, second }) => first === 'away' && second === 'in'
        }
      ]
    }
    expect(check(model).violations.map(({ id }) => id)).toEqual(['ends-away'])
  })
})

describe('walk', () => {
  it('takes the same way for the same seed and finds what is wrong on it', () => {
    const ways = [1, 1, 2].map(seed => walk(lockModel('noLock'), { seed, walks: 20, depth: 30 }))
    expect(ways[0]?.violations).toEqual(ways[1]?.violations)
    expect(ways[0]?.violations[0]?.id).toBe('one-at-a-time')
    expect(ways[2]?.complete).toBe(false)
  })
})
