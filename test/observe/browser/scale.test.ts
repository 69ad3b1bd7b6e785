// Goal: a broker with 1,000 connections and 1,000 partitions is looked at without stutter, and without holding the broker up.
// Method: a broker process under a small load; in Chromium the main thread's time of each refresh, frames while a list is
// scrolled, long tasks; in the broker the CPU time of its main thread and of all of it for a look.
import net from 'node:net'
import { cpus, loadavg } from 'node:os'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { apiVersions, append, createTopic } from '../../broker/support.js'
import { frameOf } from '../../support/wire-client.js'
import { hasChromium, launchChromium, openPage } from './chromium.js'
import { loading } from './load.js'
import { says } from './reading.js'
import { type SickBroker, startSickBroker } from './sick-broker.js'

const views = ['floor', 'requests', 'disk', 'actors', 'connections', 'topics'] as const

describe.skipIf(!hasChromium)('a broker with 1,000 connections and 1,000 partitions', () => {
  let browser: Browser
  let broker: SickBroker
  let page: Page
  const sockets: net.Socket[] = []
  let load: ReturnType<typeof loading> | undefined

  beforeAll(async () => {
    broker = await startSickBroker({})
    const admin = await broker.connect('admin')
    for (let topic = 0; topic < 10; topic++) await createTopic(admin, `topic-${topic}`, 100)
    const [host = '', port = ''] = broker.bootstrap.split(':')
    const connect = async (number: number): Promise<void> => {
      const socket = net.connect({ host, port: Number(port) })
      socket.on('error', () => {})
      sockets.push(socket)
      const asked = frameOf(apiVersions[0], 0, number, {}, `idle-${number}`)
      const size = Buffer.alloc(4)
      size.writeInt32BE(asked.length)
      socket.write(Buffer.concat([size, asked]))
      await new Promise(resolve => socket.once('data', resolve))
    }
    for (let first = 0; first < 1000; first += 25)
      await Promise.all(Array.from({ length: 25 }, (_, number) => connect(first + number)))
    const clients = await Promise.all([1, 2, 3].map(number => broker.connect(`busy-${number}`)))
    let sent = 0
    load = loading(clients, async client => {
      await append(client, `topic-${sent % 10}`, sent++ % 100, ['x'])
      await new Promise(resolve => setTimeout(resolve, 10))
    })
    browser = await launchChromium()
    ;({ page } = await openPage(browser, broker.inspector))
  }, 120_000)
  afterAll(async () => {
    await load?.stop()
    await browser?.close()
    for (const socket of sockets) socket.destroy()
    await broker?.stop()
  })

  test('is shown whole', async () => {
    await page.keyboard.press('5')
    await says(page, '#connections-count', /^1,00\d connections$/)
    await page.keyboard.press('6')
    await says(page, '#partitions-count', /^1,000 partitions/)
    await page.keyboard.press('4')
    await says(page, '#actors-count', /^[1-9],\d{3} lines/)
  })

  test('takes the page a few milliseconds a refresh, in each view', async () => {
    for (const view of views) {
      const times = await page.evaluate<number[]>(refreshes(view, 8))
      console.log(`a refresh of ${view}: ${said(times)} of the main thread`)
      expect(at(times, 0.5), view).toBeLessThan(50)
    }
  })

  test('is scrolled and switched without long tasks', async () => {
    await page.evaluate(`globalThis.longTasks = []
      new PerformanceObserver(list => longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' })`)
    for (const [view, scroller] of [
      ['connections', '#connections-rows .scroller'],
      ['topics', '#partitions-rows .scroller'],
      ['actors', '#actors-rows .scroller']
    ] as const) {
      await page.evaluate(`location.hash = '#${view}'`)
      await page.locator(`${scroller} .row`).first().waitFor()
      const frames = await page.evaluate<number[]>(scrolled(scroller))
      console.log(`a frame while ${view} is scrolled: ${said(frames)}`)
      expect(at(frames, 0.5), view).toBeLessThan(50)
    }
    const protocol = await page.context().newCDPSession(page)
    await protocol.send('Performance.enable', { timeDomain: 'threadTicks' })
    const cpuMs = async (): Promise<number> => {
      const { metrics } = await protocol.send('Performance.getMetrics')
      return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN)
    }
    const before = await cpuMs()
    for (let round = 0; round < 3; round++)
      for (const key of '123456') {
        await page.keyboard.press(key)
        await page.waitForTimeout(100)
      }
    const each = ((await cpuMs()) - before) / 18
    console.log(`a switch to another view: ${each.toFixed(1)} ms CPU of the main thread`)
    expect(each).toBeLessThan(50)
    const long = await page.evaluate<number[]>('longTasks')
    console.log(`long tasks: ${long.length === 0 ? 'none' : said(long)}`)
    // A task is as much longer as there are others who want the cores.
    const crowd = Math.max(1, (2 * (loadavg()[0] ?? 0)) / cpus().length)
    expect(Math.max(0, ...long)).toBeLessThan(200 * crowd)
  })

  test('costs the broker little to be looked at', async () => {
    await page.close()
    await load?.stop()
    for (const path of ['api/snapshot', 'api/floor', 'api/connections', 'api/actors', 'metrics']) {
      const look = async (): Promise<number> => (await (await fetch(broker.inspector + path)).text()).length
      for (let time = 0; time < 3; time++) await look()
      const before = broker.cpuMs()
      const count = 6
      const from = performance.now()
      let bytes = 0
      for (let time = 0; time < count; time++) bytes = await look()
      const [each, took] = [performance.now() - from, broker.cpuMs()]
      const main = (took.main - before.main) / count
      console.log(
        `${path}: ${main.toFixed(1)} ms of the main thread, ${((took.all - before.all) / count).toFixed(1)} ms of all threads, answered in ${(each / count).toFixed(0)} ms, ${Math.round(bytes / 1000)} kB`
      )
      expect(main, path).toBeLessThan(150)
    }
  })
})

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b)
const at = (values: readonly number[], share: number): number =>
  sorted(values)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0
const said = (values: readonly number[]): string =>
  `median ${at(values, 0.5).toFixed(1)} ms, p95 ${at(values, 0.95).toFixed(1)} ms of ${values.length}`

/** Main-thread ms of showing an answer, layout included. */
const refreshes = (view: string, count: number): string => `(async () => {
  location.hash = '#${view}'
  const times = []
  for (let i = 0; i < ${count}; i++) {
    const { query } = address()
    const answer = await views['${view}'].load(query)
    const from = performance.now()
    views['${view}'].show(answer, query)
    document.body.getBoundingClientRect()
    times.push(performance.now() - from)
    await new Promise(resolve => requestAnimationFrame(resolve))
  }
  return times
})()`

/** ms between frames. */
const scrolled = (scroller: string): string => `new Promise(resolve => {
  const scroller = document.querySelector('${scroller}')
  const times = []
  let last = performance.now()
  const frame = now => {
    times.push(now - last)
    last = now
    scroller.scrollTop += 250
    if (times.length < 90) requestAnimationFrame(frame)
    else resolve(times.slice(1))
  }
  requestAnimationFrame(frame)
})`
