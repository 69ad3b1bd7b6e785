// What a seed stands for: how the broker is configured, how many clients there are, and how each of its lives ends.
import type { RandomBelow } from '../verify/random.js'

export type LifeEnd =
  /** SIGTERM. */
  | 'stop'
  /** A second signal while it stops. */
  | 'halt'
  /** kill -9: what was written stays in the page cache. */
  | 'kill'
  | 'powerLoss'
  /** Power goes while it stops. */
  | 'powerLossAtStop'
  /** Changes in a log directory fail from then on. */
  | 'failingDisk'
  /** Something outside its actors went wrong for good. */
  | 'fatal'

export interface Life {
  readonly end: LifeEnd
  /** Steps of the schedule from the start of the process to the end's beginning. */
  readonly afterSteps: number
  /** For what comes in two parts. */
  readonly moreSteps: number
}

export interface Plan {
  readonly overrides: Readonly<Record<string, string>>
  readonly flushesAcks: boolean
  readonly logDirs: readonly string[]
  readonly clients: number
  readonly lives: readonly Life[]
  /** One descriptor in so many is refused; 0: none. */
  readonly refusesOneIn: number
  /** The wall clock is set by at most this much in each life, ms. */
  readonly wallJumpMs: number
}

export const port = 9092
export const frameBytesMax = 8192

const ends: readonly LifeEnd[] = [
  'stop',
  'stop',
  'halt',
  'kill',
  'kill',
  'powerLoss',
  'powerLoss',
  'powerLossAtStop',
  'failingDisk',
  'fatal'
]

export function planOf(below: RandomBelow): Plan {
  const one = <T>(...choices: readonly [T, ...T[]]): T => choices[below(choices.length)] ?? choices[0]
  const logDirs = below(3) === 0 ? ['/d0', '/d1'] : ['/d0']
  const flushesAcks = below(2) === 0
  const overrides = {
    listeners: `PLAINTEXT://10.0.0.1:${port}`,
    'log.dirs': logDirs.join(','),
    'odradek.placement': 'inline',
    'num.io.threads': one('1', '2', '3'),
    'num.network.threads': one('1', '2'),
    'queued.max.requests': one('1', '2', '3'),
    'queued.max.request.bytes': one('8192', '16384', '65536'),
    'socket.request.max.bytes': String(frameBytesMax),
    'max.connections': one('2', '3', '8'),
    'connections.max.idle.ms': one('5000', '15000'),
    'num.recovery.threads.per.data.dir': one('1', '2'),
    'log.segment.bytes': one('1024', '4096', '65536'),
    'log.index.interval.bytes': one('0', '512', '4096'),
    'log.flush.acks': String(flushesAcks),
    'log.flush.interval.messages': one('1', '10', '9223372036854775807'),
    'log.flush.scheduler.interval.ms': one('1000', '9223372036854775807'),
    'log.flush.interval.ms': '1000',
    'log.initial.task.delay.ms': one('100', '30000'),
    'log.flush.offset.checkpoint.interval.ms': one('500', '60000')
  }
  const life = (): Life => ({
    end: one(...(ends as [LifeEnd])),
    afterSteps: below(6) === 0 ? below(30) : 40 + below(400),
    moreSteps: below(40)
  })
  return {
    overrides,
    flushesAcks,
    logDirs,
    clients: 1 + below(4),
    lives: Array.from({ length: one(1, 1, 2) }, life),
    refusesOneIn: below(5) === 0 ? 4 : 0,
    wallJumpMs: below(3) === 0 ? 600_000 : 0
  }
}
