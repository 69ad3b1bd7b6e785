// The invariants I-01 to I-64 of docs/verification.md: where each is checked, or why it cannot be yet.

export type Invariant =
  | { readonly kind: 'model'; readonly models: readonly string[] }
  /** About whole processes and files: the test names the id. */
  | { readonly kind: 'test'; readonly file: string; readonly says: string }
  /** `until`: none of these files exists; the first that comes brings the check with it. */
  | { readonly kind: 'notYet'; readonly why: string; readonly until: readonly string[] }

const model = (...models: string[]): Invariant => ({ kind: 'model', models })
const test = (file: string, says: string): Invariant => ({ kind: 'test', file, says })
const notYet = (why: string, ...until: string[]): Invariant => ({ kind: 'notYet', why, until })

const network = ['network', 'network-crowd', 'network-resize', 'network-processors']
const logs = ['log-manager', 'log-manager-losses']
const fetchers = 'src/actors/replicas/fetcher.machine.ts'

export const invariants: Readonly<Record<string, Invariant>> = {
  'I-01': model(...network),
  'I-02': model(...network),
  'I-03': model(...network),
  'I-04': model(...network, 'broker'),
  'I-05': notYet('the start order of 0.8.2, which accepts before handlers run: ours is that of 3.9 (I-04)'),
  'I-06': model(...network),
  'I-07': model(...network),
  'I-08': model(...network),
  'I-09': model(...network),
  'I-10': model(...network, 'ring', 'ring-with-deaths', 'request-edges'),
  'I-11': model(...network),
  'I-12': model(...network),
  'I-13': model(...network, 'arena'),
  'I-14': model(...network, 'ring', 'request-edges'),
  'I-15': model(...network),
  'I-16': model(...network, 'request-edges'),
  'I-17': model('broker'),
  'I-18': model('broker'),
  'I-19': model('broker'),
  'I-20': model('broker'),
  'I-21': notYet(
    'controlled shutdown moves leaders to other brokers: it needs a cluster',
    'src/actors/apis/controlled-shutdown.ts'
  ),
  'I-22': model(...network, 'broker'),
  'I-23': model(...logs),
  'I-24': model('scheduler'),
  'I-25': model('broker'),
  'I-26': model('broker'),
  'I-27': model('broker'),
  'I-28': model('broker'),
  'I-29': model(...network, 'broker'),
  'I-30': model(...network, 'broker'),
  'I-31': model('broker'),
  'I-32': model(...network, 'broker'),
  'I-33': model(...network),
  'I-34': model(...logs),
  'I-35': model(...logs),
  'I-36': model(...logs),
  'I-37': model(...logs),
  'I-38': model(...logs),
  'I-39': model(...logs),
  'I-40': model('partition'),
  'I-41': model(...logs),
  'I-42': model(...logs, 'partition'),
  'I-43': model(...logs),
  'I-44': model('purgatory'),
  'I-45': model('purgatory'),
  'I-46': model('purgatory'),
  'I-47': notYet(
    'the order of locks: a partition and its waiting requests live on one thread, there are none'
  ),
  'I-48': model('purgatory'),
  'I-49': model('offsets-partitions'),
  'I-50': model('offsets-partitions'),
  'I-51': model('offsets-partitions'),
  'I-52': model(...network),
  'I-53': model(...network),
  'I-54': test(
    'test/config/dynamic.test.ts',
    'of any sequence of changes the effective value is that of the highest level that has one'
  ),
  'I-55': test(
    'test/actors/controller/alter-configs.test.ts',
    'changes are carried out in the order of their notes, each once, and all of them at the start'
  ),
  'I-56': test(
    'test/actors/controller/metadata-image.test.ts',
    'of a metadata delta a reader sees all or nothing'
  ),
  'I-57': notYet('the metadata tree is embedded: no session expires', 'src/coordination/zookeeper.ts'),
  'I-58': model('partition'),
  'I-59': notYet('one broker leads every partition: nothing is fetched from others', fetchers),
  'I-60': notYet('one broker leads every partition: nothing is fetched from others', fetchers),
  'I-61': notYet('one broker leads every partition: nothing is fetched from others', fetchers),
  'I-62': notYet('the metadata tree is embedded: no session expires', 'src/coordination/zookeeper.ts'),
  'I-63': model('scheduler'),
  'I-64': model(...network)
}
