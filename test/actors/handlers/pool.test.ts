// Goal: the pool keeps the wanted number of loops and ends with the last of them. Method: loops that end when the test says.
import { describe, expect, it } from 'vitest'
import { HandlerPool } from '../../../src/actors/handlers/pool.js'
import { Bug } from '../../../src/errors.js'

/** A machine's first deeds come in a microtask; after it the pool does what it is told at once. */
async function poolOf(loops: number) {
  const running = new Map<number, { end(): void; die(cause: unknown): void }>()
  const dismissed: number[] = []
  const deaths: unknown[] = []
  const sent = { shutdowns: 0 }
  const pool = new HandlerPool({
    loops,
    runner: {
      run: id =>
        new Promise<void>((resolve, reject) => {
          running.set(id, { end: resolve, die: reject })
        }).finally(() => running.delete(id)),
      dismiss: ids => dismissed.push(...ids)
    },
    sendShutdown: () => sent.shutdowns++,
    onDeath: cause => deaths.push(cause)
  })
  await settled()
  return { pool, running, dismissed, deaths, sent }
}

const settled = () => new Promise(resolve => setImmediate(resolve))

describe('the handler pool', () => {
  it('starts num.io.threads loops', async () => {
    const { pool, running } = await poolOf(8)
    pool.start()
    expect([...running.keys()]).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect([pool.loops, pool.state]).toEqual([8, 'running'])
  })

  it('sends one shutdown a loop and is stopped when the last has ended', async () => {
    const { pool, running, sent } = await poolOf(3)
    pool.start()
    let isStopped = false
    const stopped = pool.stop().then(() => {
      isStopped = true
    })
    expect(sent.shutdowns).toBe(3)
    const [last, ...others] = [...running.values()]
    for (const loop of others) loop.end()
    await settled()
    expect(isStopped).toBe(false)
    last?.end()
    await stopped
    expect(pool.state).toBe('stopped')
  })

  it('starts more loops when it grows', async () => {
    const { pool, running } = await poolOf(2)
    pool.start()
    pool.resize(4)
    expect(running.size).toBe(4)
  })

  it('dismisses the youngest loops when it shrinks', async () => {
    const { pool, running, dismissed } = await poolOf(4)
    pool.start()
    pool.resize(2)
    expect(dismissed).toEqual([3, 2])
    for (const id of dismissed) running.get(id)?.end()
    await settled()
    expect([pool.loops, pool.state]).toEqual([2, 'running'])
  })

  it('has what is wanted when it grows before the dismissed ones have ended', async () => {
    const { pool, running, dismissed } = await poolOf(4)
    pool.start()
    pool.resize(2)
    pool.resize(4)
    for (const id of dismissed) running.get(id)?.end()
    await settled()
    expect(pool.loops).toBe(4)
  })

  it.each([0, 1, 9, 2.5])('refuses to resize from 4 to %d', async loops => {
    const { pool } = await poolOf(4)
    pool.start()
    expect(() => pool.resize(loops)).toThrow(RangeError)
  })

  it('takes half of an odd number rounded down, as Kafka does', async () => {
    const { pool } = await poolOf(3)
    pool.start()
    expect(() => pool.resize(1)).not.toThrow()
  })

  it('tells the first death once, with its cause, and starts nothing again', async () => {
    const { pool, running, deaths } = await poolOf(3)
    pool.start()
    running.get(1)?.die(new Error('the thread died'))
    running.get(2)?.die(new Error('another one'))
    await settled()
    expect(deaths).toEqual([new Error('the thread died')])
    expect([pool.loops, pool.state]).toEqual([1, 'failed'])
    await pool.stop()
  })

  it('stops at once when it was never started', async () => {
    const { pool, sent } = await poolOf(3)
    await pool.stop()
    expect(sent.shutdowns).toBe(0)
  })

  it('ends its stop, for everybody who asked for it, when a loop dies meanwhile', async () => {
    const { pool, running, deaths } = await poolOf(2)
    pool.start()
    const stops = [pool.stop(), pool.stop()]
    running.get(0)?.die(new Error('the thread died'))
    await Promise.all(stops)
    expect([pool.state, deaths]).toEqual(['stopped', [new Error('the thread died')]])
  })

  it('sends a shutdown for the dismissed that have not ended, too, and waits for them', async () => {
    const { pool, running, dismissed, sent } = await poolOf(4)
    pool.start()
    pool.resize(2)
    let isStopped = false
    const stopped = pool.stop().then(() => {
      isStopped = true
    })
    expect(sent.shutdowns).toBe(4)
    for (const id of [0, 1]) running.get(id)?.end()
    await settled()
    expect(isStopped).toBe(false)
    for (const id of dismissed) running.get(id)?.end()
    await stopped
  })

  it('starts nothing when it is resized while it stops, or after', async () => {
    const { pool, running, sent } = await poolOf(2)
    pool.start()
    const stopped = pool.stop()
    pool.resize(4)
    expect([running.size, sent.shutdowns]).toEqual([2, 2])
    for (const loop of running.values()) loop.end()
    await stopped
    pool.resize(2)
    expect(running.size).toBe(0)
  })

  it('has failed when a loop ends that nobody has told to', async () => {
    const { pool, running, deaths } = await poolOf(2)
    pool.start()
    running.get(1)?.end()
    await settled()
    expect(pool.state).toBe('failed')
    expect(deaths).toEqual([new Bug('handler loop 1 ended, and nobody had told it to')])
    await pool.stop()
  })

  it('starts as many loops as it was resized to before', async () => {
    const { pool, running } = await poolOf(2)
    pool.resize(4)
    pool.start()
    expect(running.size).toBe(4)
  })
})
