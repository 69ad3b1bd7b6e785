// What may go wrong in the life of a partition and on its way to the disk.
import { partitionMachine } from '../../src/actors/replicas/partition.machine.js'
import { refusalOf } from '../../src/actors/replicas/partition-refusal.js'
import { partitionSyncMachine } from '../../src/actors/replicas/partition-sync.machine.js'
import { check } from '../../src/verify/check.js'
import type { Report } from '../../src/verify/model.js'
import { type PartitionModelOverrides, partitionModel } from '../../src/verify/models/partition.model.js'
import { type Edit, type Mutant, mutated } from './mutant.js'

const few = { produces: 2, reads: 1, elections: 3, epochs: 2, failures: 1 }

const run = (overrides: PartitionModelOverrides): Report =>
  check(partitionModel(few, overrides), { maxStates: 100_000 })
const runLife = (change: (edit: Edit) => void): Report => run({ machine: mutated(partitionMachine, change) })
const runSync = (change: (edit: Edit) => void): Report => run({ sync: mutated(partitionSyncMachine, change) })

export const mutants: readonly Mutant[] = [
  {
    name: 'A partition that leads takes up an older epoch from a late image',
    caughtBy: 'epochs-grow',
    check: () => runLife(edit => edit.remove('states.leading.on.elected.guard'))
  },
  {
    name: 'A newer epoch is not written into the history of the log',
    caughtBy: 'epoch-before-append',
    check: () => runLife(edit => edit.remove('states.leading.on.elected.actions.1'))
  },
  {
    name: 'A partition whose log has failed is elected and leads again',
    caughtBy: 'I-42',
    check: () => runLife(edit => edit.set('states.offline.on.elected', { target: 'leading' }))
  },
  {
    name: 'A partition whose log has failed still reads',
    caughtBy: 'I-42',
    check: () =>
      run({
        refusal: (state, epoch, known) => (state === 'offline' ? 'NONE' : refusalOf(state, epoch, known))
      })
  },
  {
    name: 'Whoever waits is not told that the partition no longer leads',
    caughtBy: 'only-leaders-let-wait',
    check: () => runLife(edit => edit.set('states.leading.on.resigned', { target: 'idle' }))
  },
  {
    name: 'Whoever waits is not told when the log fails',
    caughtBy: 'only-leaders-let-wait',
    check: () => runLife(edit => edit.set('states.leading.on.logFailed', { target: 'offline' }))
  },
  {
    name: 'An event is handled while the deeds of another one are done',
    caughtBy: 'I-58',
    check: () => run({ oneAtATime: false })
  },
  {
    name: 'What is appended while a flush runs asks for no further flush',
    caughtBy: 'answered-by-events',
    check: () => runSync(edit => edit.set('states.running.on.wanted', {}))
  },
  {
    name: 'A flush counts for what was appended while it ran',
    caughtBy: 'safe-is-flushed',
    check: () => run({ coversTheBeginning: false })
  },
  {
    name: 'The end of a flush is told to nobody',
    caughtBy: 'answered-by-events',
    check: () => run({ tellsSynced: false })
  },
  {
    name: 'A flush that was wanted is begun although the partition no longer leads',
    caughtBy: 'I-42',
    check: () => runSync(edit => edit.set('states.runningAndWanted.on.released', {}))
  }
]
