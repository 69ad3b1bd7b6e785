// What may go wrong while topics come and go.
import { topicMachine } from '../../src/actors/controller/topic.machine.js'
import { check } from '../../src/verify/check.js'
import type { Report } from '../../src/verify/model.js'
import { type TopicModelOverrides, topicModel } from '../../src/verify/models/topic.model.js'
import { type Edit, type Mutant, mutated } from './mutant.js'

const few = { partitions: 2, commands: 4, crashes: 1, refusals: 1, diskErrors: 1 }

const run = (overrides: TopicModelOverrides): Report =>
  check(topicModel(few, overrides), { maxStates: 100_000 })
const runLife = (change: (edit: Edit) => void): Report => run({ machine: mutated(topicMachine, change) })

export const mutants: readonly Mutant[] = [
  {
    name: 'A topic is shown before it is in the tree',
    caughtBy: 'visible-is-recorded',
    check: () =>
      runLife(edit => {
        edit.set('states.absent.on.create', 'publishing')
        edit.set('states.publishing.on.done', 'recording')
      })
  },
  {
    name: 'A topic is shown before its logs are there',
    caughtBy: 'visible-has-logs',
    check: () =>
      runLife(edit => {
        edit.set('states.recording.on.done', 'publishing')
        edit.set('states.publishing.on.done', 'creatingLogs')
        edit.set('states.creatingLogs.on.done', 'online')
      })
  },
  {
    name: 'Logs are deleted while clients still see the topic',
    caughtBy: 'unseen-before-deleted',
    check: () => runLife(edit => edit.set('states.marking.on.done', 'deletingLogs'))
  },
  {
    name: 'A deletion begins without a mark: a crash brings half of the topic back',
    caughtBy: 'recorded-before-deleted',
    check: () => runLife(edit => edit.set('states.online.on.delete', 'hiding'))
  },
  {
    name: 'A topic is forgotten although a disk holds on to a directory',
    caughtBy: 'gone-is-gone',
    check: () => runLife(edit => edit.set('states.deletingLogs.on.refused', 'forgetting'))
  },
  {
    name: 'A topic whose deletion is refused by the tree is hidden all the same',
    caughtBy: 'recorded-before-deleted',
    check: () => runLife(edit => edit.set('states.marking.on.refused', 'hiding'))
  },
  {
    name: 'A topic that could not be recorded gets its logs all the same',
    caughtBy: 'visible-is-recorded',
    check: () => runLife(edit => edit.set('states.recording.on.refused', 'creatingLogs'))
  },
  {
    name: 'A start takes a marked topic for any other',
    caughtBy: 'half-deleted-is-invisible',
    check: () => run({ readsMarks: false })
  },
  {
    name: 'Partitions that were added are shown without being published',
    caughtBy: 'a-recorded-topic-comes-up',
    check: () => runLife(edit => edit.set('states.growing.on.done', 'online'))
  },
  {
    name: 'A topic and its mark are forgotten one after the other',
    caughtBy: 'no-mark-without-a-topic',
    check: () => run({ forgetsAtOnce: false })
  }
]
