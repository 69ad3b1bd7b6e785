// Start-up and shut-down of the whole broker as data (order of Kafka 3.9, ZooKeeper mode, for what exists here).
// Differences: worker threads load their code while the first steps run, so they come first; our metadata tree lies in the
// first log directory, so directories are locked before it is opened.

export interface BootStep {
  readonly name: BootStepName
  /** What must be up before this one, and go down only after it. */
  readonly requires: readonly BootStepName[]
}

export type BootStepName =
  | 'logDirs'
  | 'metadataTree'
  | 'identity'
  | 'scheduler'
  | 'threads'
  | 'logs'
  | 'network'
  | 'replicas'
  | 'controller'
  | 'groupCoordinator'
  | 'handlers'
  | 'requestProcessing'
  | 'inspector'

export const bootOrder: readonly BootStep[] = [
  // Whoever looks sees the start from its begin, and the stop to its end.
  { name: 'inspector', requires: [] },
  { name: 'threads', requires: [] },
  { name: 'logDirs', requires: [] },
  { name: 'metadataTree', requires: ['logDirs'] },
  { name: 'identity', requires: ['logDirs', 'metadataTree'] },
  { name: 'scheduler', requires: [] },
  { name: 'logs', requires: ['identity', 'threads', 'scheduler'] },
  // Its limits and Processors are as the tree says for this broker.
  { name: 'network', requires: ['identity', 'threads'] },
  { name: 'replicas', requires: ['logs'] },
  { name: 'controller', requires: ['metadataTree', 'identity', 'network', 'replicas'] },
  { name: 'groupCoordinator', requires: ['replicas', 'controller', 'scheduler'] },
  { name: 'handlers', requires: ['network', 'replicas', 'controller', 'groupCoordinator'] },
  { name: 'requestProcessing', requires: ['handlers'] }
]

/**
 * Kafka's stop order is the mirror of the start with one exception kept on purpose: the scheduler stops right after the
 * handlers, so that no periodic task touches a log that is being closed (an I/O error there would cost the clean marker).
 */
export const stopOrder: readonly BootStepName[] = [
  'requestProcessing',
  'handlers',
  'scheduler',
  'groupCoordinator',
  'controller',
  'replicas',
  'logs',
  'network',
  'threads',
  'identity',
  'metadataTree',
  'logDirs',
  'inspector'
]
