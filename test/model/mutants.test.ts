// Goal: the checks would notice. Method: each mutant is a model with one thing wrong, in a machine or between machines;
// the property that is named has to find it, with a counterexample. The list is the list of tests.
import { describe, expect, it } from 'vitest'
import { mutants as arena } from './arena.mutants.js'
import { mutants as broker } from './broker.mutants.js'
import { mutants as consumerGroup } from './consumer-group.mutants.js'
import { mutants as doorbell } from './doorbell.mutants.js'
import { mutants as group } from './group.mutants.js'
import { mutants as logManager } from './log-manager.mutants.js'
import { mutants as network } from './network.mutants.js'
import { mutants as offsetsPartitions } from './offsets-partitions.mutants.js'
import { mutants as partition } from './partition.mutants.js'
import { mutants as purgatory } from './purgatory.mutants.js'
import { mutants as requestEdges } from './request-edges.mutants.js'
import { mutants as ring } from './ring.mutants.js'
import { mutants as scheduler } from './scheduler.mutants.js'
import { mutants as topic } from './topic.mutants.js'

const all = {
  arena,
  broker,
  consumerGroup,
  doorbell,
  group,
  logManager,
  network,
  offsetsPartitions,
  partition,
  purgatory,
  requestEdges,
  ring,
  scheduler,
  topic
}

describe.each(Object.entries(all))('in the model %s', (_, mutants) => {
  it.each(mutants)('$caughtBy catches: $name', ({ check, caughtBy }) => {
    const { violations } = check()
    const found = violations.find(({ id }) => id === caughtBy)
    expect(violations.map(({ id }) => id)).toContain(caughtBy)
    expect(found?.counterexample?.steps.length).toBeGreaterThan(0)
  })
})

it('there are at least thirty of them, and no two are the same', () => {
  const names = Object.values(all).flatMap(mutants => mutants.map(({ name }) => name))
  expect(new Set(names).size).toBe(names.length)
  expect(names.length).toBeGreaterThanOrEqual(30)
})
