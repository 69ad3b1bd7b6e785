// What may go wrong while offsets partitions are elected, loaded and let go.
import { offsetsPartitionMachine } from '../../src/actors/groups/offsets-partition.machine.js'
import { check } from '../../src/verify/check.js'
import type { PropertyId } from '../../src/verify/model.js'
import {
  type OffsetsPartitionsOverrides,
  offsetsPartitionsModel
} from '../../src/verify/models/offsets-partitions.model.js'
import { type Edit, type Mutant, mutated } from './mutant.js'

/** The first of them is that of an older epoch, which is not heard. */
const elections = [offsetsPartitionMachine.config.states?.notOwned?.on?.elected].flat()

const mutant = (name: string, caughtBy: PropertyId, overrides: OffsetsPartitionsOverrides): Mutant => ({
  name,
  caughtBy,
  check: () => check(offsetsPartitionsModel({ partitions: 2 }, overrides), { maxStates: 50_000 })
})
const machine = (change: (edit: Edit) => void): OffsetsPartitionsOverrides => ({
  machine: mutated(offsetsPartitionMachine, change)
})

export const mutants: readonly Mutant[] = [
  mutant(
    'Groups are forgotten only after the next election',
    'I-50',
    machine(edit => edit.set('states.owned.on.resigned', { target: 'notOwned' }))
  ),
  mutant(
    'A partition that is owned is loaded once more',
    'I-49',
    machine(edit => edit.set('states.owned.on.elected', { target: 'queued', actions: 'queueLoad' }))
  ),
  mutant('Who gives up keeps its turn', 'I-51', { givesTurnBack: false }),
  mutant(
    'Who resigns does not abandon its load',
    'I-51',
    machine(edit => edit.set('states.loading.on.resigned', 'notOwned'))
  ),
  mutant('A read that was abandoned goes on beside the next one', 'I-49', {
    abandonedLoadsAreSilent: false
  }),
  mutant(
    'An election of an older epoch is heard',
    'epoch-grows',
    machine(edit => edit.set('states.notOwned.on.elected', elections.slice(1)))
  ),
  mutant(
    'The stop leaves a load alone',
    'stopped-for-good',
    machine(edit => edit.set('states.queued.on.stop', {}))
  ),
  mutant(
    'A load that has ended is not installed',
    'I-50',
    machine(edit => edit.set('states.loading.on.loaded', 'owned'))
  )
]
