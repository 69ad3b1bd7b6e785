// Goal: the pool keeps the wanted number of loops and ends with the last of them. Method: loops that end when the test says.
import { describe, expect, it } from 'vitest'
import { HandlerPool } from '../../../src/actors/handlers/pool.js'

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
})
