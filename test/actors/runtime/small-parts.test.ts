// Goal: the small seams keep their promises. Method: each alone; the wheel against a model on a clock that is moved by hand.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteRing, createByteRing } from '../../../src/actors/runtime/byte-ring.js'
import { cooperate } from '../../../src/actors/runtime/cooperate.js'
import { type LogLevel, loggerFor } from '../../../src/actors/runtime/log.js'
import { Mailbox, mailboxes } from '../../../src/actors/runtime/mailbox.js'
import { asking, localMesh } from '../../../src/actors/runtime/mesh.js'
import { placementTable } from '../../../src/actors/runtime/placement.js'
import { soon } from '../../../src/actors/runtime/timers.js'
import { TimingWheel } from '../../../src/actors/runtime/timing-wheel.js'

test('a timing wheel runs everything that is not cancelled, in time order, never early and within a tick', () => {
  const delays = fc.array(fc.tuple(fc.integer({ min: 0, max: 20_000 }), fc.nat(50), fc.boolean()), {
    maxLength: 40
  })
  fc.assert(
    fc.property(delays, operations => {
      let nowMs = 1000.25
      let real: { atMs: number; run: () => void } | undefined
      const timers = {
        after(ms: number, run: () => void) {
          const mine = { atMs: nowMs + Math.max(Math.ceil(ms), 1), run }
          real = mine
          return () => {
            if (real === mine) real = undefined
          }
        },
        every: () => () => {}
      }
      const step = (untilMs: number): void => {
        while (real !== undefined && real.atMs <= untilMs) {
          const { atMs, run } = real
          real = undefined
          nowMs = Math.max(nowMs, atMs)
          run()
        }
        nowMs = Math.max(nowMs, untilMs)
      }
      const wheel = new TimingWheel({ clock: { nowMs: () => nowMs, monotonicMs: () => nowMs }, timers })
      let expected = 0
      let ran = 0
      for (const [delayMs, passMs, cancelled] of operations) {
        const dueMs = nowMs + delayMs
        const cancel = wheel.add(delayMs, () => {
          ran++
          expect(cancelled).toBe(false)
          expect(nowMs).toBeGreaterThanOrEqual(dueMs)
          expect(nowMs).toBeLessThan(dueMs + 3)
        })
        if (cancelled) cancel()
        else expected++
        step(nowMs + passMs)
        // Else it would keep the thread alive for nothing.
        if (wheel.size === 0) expect(real).toBeUndefined()
      }
      step(nowMs + 40_000)
      expect(ran).toBe(expected)
      expect(wheel.size).toBe(0)
      expect(real).toBeUndefined()
    }),
    { numRuns: 60 }
  )
})

test('cooperate is synchronous for short work, lets the loop in during long work, and waits for promises', async () => {
  expect(cooperate(steps(3))).toBe(3)
  let others = 0
  const count = (): void => {
    others++
    stop = soon(count)
  }
  let stop = soon(count)
  const result = cooperate(
    busy(() => others >= 3),
    5
  )
  expect(result).toBeInstanceOf(Promise)
  expect(await result).toBe('done')
  stop()
  await expect(cooperate(failing())).resolves.toBe('caught boom')
})

function* steps(n: number): Generator<undefined, number> {
  for (let i = 0; i < n; i++) yield
  return n
}
/** Works until the loop has had its turns; a cooperate that never lets it in ends at the limit. */
function* busy(enough: () => boolean): Generator<undefined, string> {
  const limit = performance.now() + 5000
  while (!enough()) {
    if (performance.now() > limit) return 'the loop never got a turn'
    yield
  }
  return 'done'
}
function* failing(): Generator<Promise<unknown> | undefined, string, unknown> {
  const value = yield Promise.resolve(4)
  try {
    yield Promise.reject(new Error('boom'))
  } catch (error) {
    return value === 4 ? `caught ${(error as Error).message}` : 'wrong value'
  }
  return 'not reached'
}

test('a log line looks like Kafka and levels below the threshold are dropped', () => {
  const lines: Array<[string, LogLevel]> = []
  const sink = {
    level: 'info' as const,
    write: (line: string, level: LogLevel) => void lines.push([line, level])
  }
  const at = new Date(2026, 10, 21, 7, 0, 0, 123).getTime()
  const log = loggerFor('odradek.network', sink, { ident: 'Acceptor PLAINTEXT', nowMs: () => at })
  log.debug('no')
  log.info('listening on localhost:9092')
  expect(lines).toEqual([
    [
      '[2026-11-21 07:00:00,123] INFO [Acceptor PLAINTEXT] listening on localhost:9092 (odradek.network)',
      'info'
    ]
  ])
})

test('a mailbox refuses when full, tells when it fills and drains, and is listed while open', () => {
  const told: string[] = []
  const box = new Mailbox<number>('test.box', 20, {
    onNonEmpty: () => void told.push('nonEmpty'),
    onDrained: () => void told.push('drained')
  })
  expect(mailboxes().map(({ name }) => name)).toContain('test.box')
  for (let i = 0; i < 20; i++) expect(box.offer(i)).toBe('accepted')
  expect(box.offer(20)).toBe('full')
  expect(Array.from({ length: 21 }, () => box.take())).toEqual([
    ...Array.from({ length: 20 }, (_, i) => i),
    undefined
  ])
  expect(told).toEqual(['nonEmpty', 'drained'])
  box.close()
  expect(mailboxes()).not.toContain(box)
  expect(() => new Mailbox('endless', Number.POSITIVE_INFINITY)).toThrow('reason')
})

test('a byte ring keeps messages whole across its end and the wrap of its positions', () => {
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.uint8Array({ maxLength: 60 })), { maxLength: 80 }),
      fc.nat(200),
      (ops, back) => {
        const ring = new ByteRing(createByteRing(128, -back))
        const model: Uint8Array[] = []
        for (const op of ops) {
          if (op === null) expect(ring.tryRead()?.toString('hex')).toBe(hex(model.shift()))
          else {
            const used = model.reduce((sum, { length }) => sum + 4 + Math.ceil(length / 4) * 4, 0)
            expect(ring.used).toBe(used)
            const fits = 4 + Math.ceil(op.length / 4) * 4 <= 128 - used
            expect(ring.tryWrite(op)).toBe(fits)
            if (fits) model.push(op)
          }
        }
      }
    )
  )
})
const hex = (bytes: Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : Buffer.from(bytes).toString('hex')

test('the mesh of one thread delivers later, keeps early messages and answers questions', async () => {
  const mesh = localMesh()
  mesh.send(0, 'late', 1)
  await Promise.resolve()
  const seen: unknown[] = []
  mesh.register('late', message => void seen.push(message))
  expect(seen).toEqual([1])
  const { ask, answer } = asking(mesh)
  answer('plus', async n => (n as number) + 1)
  expect(await ask(0, 'plus', 1)).toBe(2)
})

test('each placement has its threads, and the partitions of a topic spread evenly', () => {
  expect(placementTable('inline', 0)).toMatchObject({ shards: 1, networkThreads: [0], handlerThreads: [0] })
  expect(placementTable('networkOnMain', 2)).toMatchObject({
    shards: 2,
    networkThreads: [0],
    handlerThreads: [1, 2]
  })
  const table = placementTable('perCore', 3)
  expect([0, 1, 2, 3].map(table.threadOfProcessor)).toEqual([1, 2, 3, 1])
  expect([0, 1, 2].map(table.threadOfShard).map(table.shardOfThread)).toEqual([0, 1, 2])
  expect(new Set([0, 1, 2].map(partition => table.shardOf('someTopicId', partition))).size).toBe(3)
})

test('a wheel whose last operation ran holds no timer for those that were cancelled', () => {
  const pending = new Set<() => void>()
  let nowMs = 0
  const timers = {
    after(_: number, run: () => void) {
      pending.add(run)
      return () => void pending.delete(run)
    },
    every: () => () => {}
  }
  const wheel = new TimingWheel({ clock: { nowMs: () => nowMs, monotonicMs: () => nowMs }, timers })
  wheel.add(10, () => {})
  wheel.add(5000, () => {})()
  nowMs = 20
  const [first] = pending
  pending.clear()
  first?.()
  expect(wheel.size).toBe(0)
  expect(pending.size).toBe(0)
})
