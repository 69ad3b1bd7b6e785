// Goal: periodic work runs in time, never beside itself and never after a stop. Method: timers that the test moves, and
// work that ends when the test says so.
import { describe, expect, it } from 'vitest'
import { Scheduler } from '../../../src/actors/broker/scheduler.js'
import { loggerFor } from '../../../src/actors/runtime/log.js'
import type { Timers } from '../../../src/actors/runtime/timers.js'

class ManualTimers implements Timers {
  readonly armed = new Set<() => void>()

  after(_: number, run: () => void): () => void {
    const once = (): void => {
      this.armed.delete(once)
      run()
    }
    this.armed.add(once)
    return () => void this.armed.delete(once)
  }

  every(_: number, run: () => void): () => void {
    const each = (): void => run()
    this.armed.add(each)
    return () => void this.armed.delete(each)
  }

  tick(): void {
    for (const run of [...this.armed]) run()
  }
}

const turn = (): Promise<void> => new Promise(resolve => queueMicrotask(() => queueMicrotask(resolve)))

function fixture() {
  const timers = new ManualTimers()
  const lines: string[] = []
  const logger = loggerFor('test', { level: 'info', write: line => void lines.push(line) })
  const scheduler = new Scheduler(timers, logger)
  scheduler.start()
  let begun = 0
  let end: () => void = () => {}
  const work = (): Promise<void> => {
    begun++
    return new Promise(resolve => {
      end = resolve
    })
  }
  const ended = async (): Promise<void> => {
    end()
    await turn()
    await turn()
  }
  return { timers, lines, scheduler, work, ended, begun: () => begun }
}

describe('the scheduler', () => {
  it('runs a task after its delay and then once a period', async () => {
    const { timers, scheduler, work, ended, begun } = fixture()
    scheduler.every('task', 10, 20, work)
    expect(begun()).toBe(0)
    timers.tick()
    await ended()
    timers.tick()
    expect(begun()).toBe(2)
  })

  it('does not run a task beside itself: it follows right afterwards, once', async () => {
    const { timers, scheduler, work, ended, begun } = fixture()
    scheduler.every('task', 10, 20, work)
    timers.tick()
    timers.tick()
    timers.tick()
    expect(begun()).toBe(1)
    await ended()
    expect(begun()).toBe(2)
    await ended()
    expect(begun()).toBe(2)
  })

  it('waits for what runs when it is stopped, and runs nothing afterwards', async () => {
    const { timers, scheduler, work, ended, begun } = fixture()
    scheduler.every('task', 10, 20, work)
    timers.tick()
    timers.tick()
    let isStopped = false
    const stop = scheduler.stop().then(() => {
      isStopped = true
    })
    await turn()
    expect(isStopped).toBe(false)
    expect(timers.armed.size).toBe(0)
    await ended()
    await stop
    timers.tick()
    expect(begun()).toBe(1)
  })

  it('takes no task after its stop, and says so in the log instead of to the caller', async () => {
    const { timers, lines, scheduler, work, begun } = fixture()
    await scheduler.stop()
    scheduler.every('late', 10, 20, work)
    timers.tick()
    expect(begun()).toBe(0)
    expect(timers.armed.size).toBe(0)
    expect(lines.join('\n')).toContain('late is not scheduled')
  })

  it('may be stopped twice', async () => {
    const { scheduler } = fixture()
    await Promise.all([scheduler.stop(), scheduler.stop()])
    await scheduler.stop()
    expect(scheduler.state).toBe('stopped')
  })

  it('goes on with a task that fails', async () => {
    const { timers, lines, scheduler } = fixture()
    let begun = 0
    scheduler.every('broken', 10, 20, () => {
      begun++
      throw new Error('no luck')
    })
    timers.tick()
    await turn()
    await turn()
    timers.tick()
    expect(begun).toBe(2)
    expect(lines.join('\n')).toContain("uncaught exception in scheduled task 'broken'")
  })
})
