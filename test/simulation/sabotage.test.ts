// Goal: the checks of a simulated run bite. Method: worlds and brokers that are broken on purpose, one way each; among a
// few seeds one has to fail, and with the sentence that names what is wrong.
import { describe, expect, it } from 'vitest'
import type { Disk } from '../../src/actors/broker/disk.js'
import type { ConnectionSocket, Sockets } from '../../src/actors/network/sockets.js'
import type { Loop } from '../../src/actors/runtime/loop.js'
import type { LifeEnd, Plan } from '../../src/simulation/plan.js'
import { simulate } from '../../src/simulation/simulation.js'
import type { Sabotage } from '../../src/simulation/verdict.js'
import type { Files, OpenFile } from '../../src/storage/files.js'

const seedsMost = 120

interface BrokenWorld {
  readonly what: string
  readonly sabotage: Sabotage
  readonly says: RegExp
}

const withFiles = (change: (files: Files) => Partial<Files>) => ({
  disk: ({ files, takeLock }: Disk): Disk => ({ takeLock, files: { ...files, ...change(files) } })
})

/** Files that are opened behave as `change` says. */
const withOpened = (change: (file: OpenFile, path: string) => Partial<OpenFile>) =>
  withFiles(files => ({
    open: (path, mode) => {
      const file = files.open(path, mode)
      return { ...file, ...change(file, path) }
    }
  }))

/** The n-th connection, from 1, is replaced. */
const withSocket = (change: (socket: ConnectionSocket, n: number) => void) => ({
  sockets: (sockets: Sockets): Sockets => {
    let opened = 0
    return {
      ...sockets,
      open(descriptor, reader) {
        const socket = sockets.open(descriptor, reader)
        change(socket, ++opened)
        return socket
      }
    }
  }
})

const withLoop = (change: (loop: Loop) => Partial<Loop>) => ({
  loop: (loop: Loop): Loop => ({
    after: (ms, run, background) => loop.after(ms, run, background),
    every: (ms, run, background) => loop.every(ms, run, background),
    soon: run => loop.soon(run),
    nowMs: () => loop.nowMs(),
    monotonicMs: () => loop.monotonicMs(),
    stampMs: () => loop.stampMs(),
    sinceLaunchMs: () => loop.sinceLaunchMs(),
    random: () => loop.random(),
    randomUuid: () => loop.randomUuid(),
    whileZero: (words, index) => loop.whileZero(words, index),
    notify: (words, index) => loop.notify(words, index),
    ...change(loop)
  })
})

/** Lives that end like this, and acknowledgements that wait for the disk. */
const ending =
  (end: LifeEnd, flushesAcks = true) =>
  (plan: Plan): Plan => ({
    ...plan,
    flushesAcks,
    overrides: { ...plan.overrides, 'log.flush.acks': String(flushesAcks) },
    lives: plan.lives.map(life => ({ ...life, end, afterSteps: Math.max(life.afterSteps, 150) }))
  })

const nothing = async (): Promise<void> => {}
const every = (n: number): (() => boolean) => {
  let calls = 0
  return () => ++calls % n === 0
}

const worlds: readonly BrokenWorld[] = [
  {
    what: 'a sync of a file that does nothing',
    sabotage: {
      ...withOpened(() => ({ sync: () => {}, syncAsync: nothing })),
      plan: ending('powerLoss')
    },
    says: /was acknowledged and is lost|corrupt|is gone|error 3|start failed/
  },
  {
    what: 'a sync of a directory that does nothing',
    sabotage: {
      ...withFiles(() => ({ syncDirectory: () => {}, syncDirectoryAsync: nothing })),
      plan: ending('powerLoss')
    },
    says: /was acknowledged and is lost|marker although|is gone|error 3|start failed/
  },
  {
    what: 'a write to a log that is forgotten',
    sabotage: (() => {
      const isForgotten = every(12)
      return {
        ...withOpened((file, path) => ({
          write: (bytes, position) => {
            if (!path.endsWith('.log') || !isForgotten()) file.write(bytes, position)
          }
        })),
        plan: ending('kill', false)
      }
    })(),
    says: /is lost|corrupt|gap|is gone|is expected|there 2 times/
  },
  {
    what: 'a byte of a batch that is changed on the disk',
    sabotage: withOpened((file, path) => ({
      write: (bytes, position) => {
        const changed = Buffer.from(bytes)
        if (path.endsWith('.log') && changed.length > 100) changed.writeUInt8(changed.readUInt8(90) ^ 1, 90)
        file.write(changed, position)
      }
    })),
    says: /corrupt/
  },
  {
    what: 'a clean-shutdown marker that stays while the broker serves',
    sabotage: {
      ...withFiles(files => ({
        remove: path => {
          if (!path.endsWith('.kafka_cleanshutdown')) files.remove(path)
        }
      })),
      plan: plan => ({
        ...plan,
        lives: (['stop', 'kill'] as const).map(end => ({ end, afterSteps: 200, moreSteps: 0 }))
      })
    },
    says: /has a clean-shutdown marker although/
  },
  {
    what: 'a marker that no orderly stop writes',
    sabotage: withFiles(files => ({
      rename: (from, to) => {
        if (!to.endsWith('.kafka_cleanshutdown')) files.rename(from, to)
      }
    })),
    says: /has no clean-shutdown marker/
  },
  {
    what: 'a file that is never closed',
    sabotage: withOpened((file, path) => ({
      close: () => {
        if (!path.endsWith('.timeindex')) file.close()
      }
    })),
    says: /the stop leaves files: .*timeindex/
  },
  {
    what: 'a connection that the stop forgets',
    sabotage: withSocket((socket, n) => {
      if (n % 3 === 0) socket.destroy = () => socket
    }),
    says: /the stop leaves descriptors: \d+: connection/
  },
  {
    what: 'a lock that is kept',
    sabotage: {
      disk: ({ files, takeLock }) => ({
        files,
        takeLock: path => {
          const lock = takeLock(path)
          return typeof lock === 'object' && 'release' in lock ? { release: () => {} } : lock
        }
      })
    },
    says: /the stop leaves locks/
  },
  {
    what: 'a timer that cannot be cancelled',
    sabotage: withLoop(loop => ({
      every: (ms, run, background) => {
        loop.every(ms, run, background)
        return () => {}
      }
    })),
    says: /the stop leaves \d+ timers/
  },
  {
    what: 'a wake-up that is lost',
    sabotage: {
      ...withLoop(() => ({ notify: () => {} })),
      plan: plan => ({
        ...ending('stop')(plan),
        clients: 4,
        overrides: { ...plan.overrides, 'queued.max.request.bytes': '8192', 'max.connections': '8' }
      })
    },
    says: /ended before the answer|what clients wait for does not end/
  },
  {
    what: 'a response under the number of another request',
    sabotage: withSocket(socket => {
      const write = socket.write.bind(socket)
      const isWrong = every(5)
      socket.write = (bytes, written) => {
        const changed = Buffer.from(bytes)
        if (changed.length >= 8 && isWrong()) changed.writeInt32BE(changed.readInt32BE(4) + 1, 4)
        return write(changed, written)
      }
    }),
    says: /answer \d+ where \d+ .* is expected/
  },
  {
    what: 'a response that is written twice',
    sabotage: withSocket(socket => {
      const write = socket.write.bind(socket)
      socket.write = (bytes, written) => {
        write(bytes)
        return write(bytes, written)
      }
    }),
    says: /nobody asked for|is expected|cannot be decoded/
  },
  {
    what: 'a response that never leaves',
    sabotage: withSocket(socket => {
      const write = socket.write.bind(socket)
      const isKept = every(9)
      socket.write = (bytes, written) => {
        if (!isKept()) return write(bytes, written)
        queueMicrotask(() => written?.(null))
        return true
      }
    }),
    says: /ended before the answer|does not end|is expected|cannot be decoded/
  }
]

describe('a simulated run', () => {
  it.each(worlds)('notices that there is $what', { timeout: 60_000 }, async ({ sabotage, says }) => {
    let found: string | undefined
    for (let seed = 0; seed < seedsMost && found === undefined; seed++) {
      found = (await simulate(seed, { sabotage })).broken
    }
    expect(found).toMatch(says)
  })
})
