// What may go wrong between the LogManager, its directories, the logs and the disk. Some of it had gone wrong.
import { logManagerMachine } from '../../src/actors/broker/log-manager.machine.js'
import { logDirMachine } from '../../src/storage/log-dir.machine.js'
import { partitionLogMachine } from '../../src/storage/partition-log.machine.js'
import { check } from '../../src/verify/check.js'
import type { Report } from '../../src/verify/model.js'
import { failingDisks, logManagerModel, losses } from '../../src/verify/models/log-manager.model.js'
import type { LogManagerOverrides } from '../../src/verify/models/logs/state.js'
import { type Edit, type Mutant, mutated } from './mutant.js'

const limits = { maxStates: 100_000, stopAtFirst: true }
const run = (overrides: LogManagerOverrides, faults = 1): Report =>
  check(logManagerModel({ ...failingDisks.small, faults }, overrides), limits)
const runLosses = (overrides: LogManagerOverrides): Report =>
  check(logManagerModel({ ...losses.small, deaths: 0 }, overrides), limits)
const withDir = (edit: (edit: Edit) => void): LogManagerOverrides => ({ dir: mutated(logDirMachine, edit) })
const withManager = (edit: (edit: Edit) => void): LogManagerOverrides => ({
  manager: mutated(logManagerMachine, edit)
})

export const mutants: readonly Mutant[] = [
  {
    name: 'The lock of a failed directory is free before the shards have let go of it',
    caughtBy: 'I-34',
    check: () => run({ rules: { waitsForShards: false } })
  },
  {
    name: 'The lock is kept when the directory cannot be read after it was taken',
    caughtBy: 'I-34',
    check: () => run(withDir(edit => edit.set('states.locked.on.ioFailed', 'refused')))
  },
  {
    name: 'The lock of a directory that is offline is given back once more at the end',
    caughtBy: 'I-34',
    check: () =>
      run(
        withDir(edit => {
          edit.remove('states.offline.type')
          edit.set('states.offline.on', { release: 'released' })
        })
      )
  },
  {
    name: 'Logs are closed while others are still being opened',
    caughtBy: 'no-deadlock',
    check: () =>
      run(
        withManager(edit => edit.set('states.loading.on.close', 'closing')),
        0
      )
  },
  {
    name: 'The lock goes with the failed directory although the metadata tree lies in it',
    caughtBy: 'home-is-locked',
    check: () => run(withDir(edit => edit.set('states.failing.on.letGo', 'offline')))
  },
  {
    name: 'A directory gets its marker although a log of it could not be closed',
    caughtBy: 'I-35',
    check: () =>
      run(withDir(edit => edit.set('states.inService.states.online.on.someNotClosed', '#logDir.marking')))
  },
  {
    name: 'The marker is written before the last checkpoints',
    caughtBy: 'I-35',
    check: () =>
      run(
        withDir(edit => edit.set('states.inService.states.online.on.allClosed', '#logDir.marking')),
        0
      )
  },
  {
    name: 'A directory that was being recovered gets its marker although not all was recovered',
    caughtBy: 'I-35',
    check: () =>
      run(withDir(edit => edit.set('states.inService.states.recovering.on.allClosed', '#logDir.marking')))
  },
  {
    name: 'No directory gets its marker back after an orderly stop',
    caughtBy: 'marker-is-earned',
    check: () =>
      run(
        withDir(edit => edit.set('states.inService.states.online.on.allClosed', '#logDir.untrusted')),
        0
      )
  },
  {
    name: 'The marker of the last stop stays while logs are opened',
    caughtBy: 'I-36',
    check: () =>
      run(
        withDir(edit => edit.set('states.inService.states.clean.on.load', 'loadingClean')),
        0
      )
  },
  {
    name: 'The last directory fails and nobody is told',
    caughtBy: 'I-37',
    check: () =>
      run(
        withManager(edit => edit.remove('states.running.on.dirFailed')),
        2
      )
  },
  {
    name: 'A log whose sync failed is synced again and believed',
    caughtBy: 'I-38',
    check: () => run({ rules: { failedSyncFailsLog: false } })
  },
  {
    name: 'A log whose last sync failed counts as closed',
    caughtBy: 'I-35',
    check: () =>
      run({ log: mutated(partitionLogMachine, edit => edit.set('states.closing.on.ioFailed', 'closed')) })
  },
  {
    name: 'A start that failed writes checkpoints without the logs that it could not open',
    caughtBy: 'log-start-is-kept',
    check: () =>
      run(
        withDir(edit =>
          edit.set('states.inService.states.loadingClean.on.allClosed', '#logDir.checkpointing')
        )
      )
  },
  {
    name: 'The checkpoint timers are armed twice',
    caughtBy: 'I-41',
    check: () =>
      run(
        withManager(edit => edit.set('states.running.entry', ['scheduleTasks', 'scheduleTasks'])),
        0
      )
  },
  {
    name: 'Partitions of a failed directory go on as leaders',
    caughtBy: 'I-42',
    check: () => run({ rules: { tellsPartitions: false } })
  },
  {
    name: 'A log that is being closed still takes appends',
    caughtBy: 'I-23',
    check: () =>
      run({
        rules: { closingTakesNoAppend: false },
        log: mutated(partitionLogMachine, edit => edit.set('states.open.on.close', 'closing'))
      })
  },
  {
    name: 'A deleted log is forgotten although its directory has kept its name',
    caughtBy: 'I-43',
    check: () => runLosses({ rules: { forgetsAfterRename: false } })
  },
  {
    name: 'A stop that waits for the opening of logs does not hear that it failed',
    caughtBy: 'no-deadlock',
    check: () => run(withManager(edit => edit.remove('states.loadingThenClosing.on.loadFailed')))
  }
]
