// Goal: a person, also one with a keyboard or a screen reader only, sees in a real browser what the broker does. Method: headless
// Chromium where the machine has one (skipped otherwise), snapshots of sick brokers behind the real routes.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packTrace } from '../../../src/actors/runtime/trace.js'
import { Browser, chromium } from './chromium.js'
import { connection, faults, log, quiet, request } from './fixtures.js'
import { type PageServer, pageServer } from './page-server.js'

describe.skipIf(chromium === undefined)('the page in Chromium', { timeout: 20_000 }, () => {
  let server: PageServer
  let browser: Browser

  beforeAll(async () => {
    server = await pageServer()
    browser = new Browser(chromium ?? '')
    await browser.open(server.url)
    await browser.until("document.querySelector('.card')", 20_000)
  }, 30_000)
  afterAll(async () => {
    await browser?.close()
    server?.close()
  })

  const text = (selector: string): Promise<string> =>
    browser.evaluate(`document.querySelector(${JSON.stringify(selector)})?.innerText ?? ''`)
  const view = async (hash: string): Promise<void> => {
    await browser.evaluate(`location.hash = ${JSON.stringify(hash)}`)
  }
  const says = (selector: string, part: string): Promise<void> =>
    browser.until(
      `document.querySelector(${JSON.stringify(selector)})?.textContent.includes(${JSON.stringify(part)})`
    )

  it.each([
    ['slow disk', 'A flush of orders-0 to the disk has been running for 3 s.', 'orders-0', 'SLOW FLUSH'],
    [
      'full queue',
      'The request queue is full: 500/500, and 7 requests more that were read wait for room.',
      'request queue',
      'FULL'
    ],
    ['storm', 'Acceptor PLAINTEXT takes no connections', 'Acceptor PLAINTEXT', 'BLOCKED'],
    ['late thread', 'Thread 1 is late with its work', 'Thread 1', 'LATE']
  ] as const)('shows a %s by a sentence and a card that is lit', async (fault, sentence, card, word) => {
    server.snapshot = faults[fault]
    await view('#floor')
    await says('#troubles', sentence)
    await browser.until(
      `[...document.querySelectorAll('.card.trouble')].some(each => each.innerText.startsWith('${card}'))`
    )
    const lit = await browser.evaluate<string[]>(
      "[...document.querySelectorAll('.card.trouble')].map(each => each.innerText)"
    )
    expect(lit.find(each => each.startsWith(card))).toContain(word)
  })

  it('shows sentences that differ in their numbers only once each, however often it asks', async () => {
    const late = { p50Ms: 2, p99Ms: 400, maxMs: 900 }
    server.snapshot = { ...quiet, threads: quiet.threads.map(each => ({ ...each, eventLoopDelay: late })) }
    await view('#floor')
    await says('#troubles', 'Thread 0 is late')
    await browser.evaluate('(async () => { for (let time = 0; time < 3; time++) await refresh() })()')
    expect(await browser.evaluate("document.querySelectorAll('#troubles p').length")).toBe(2)
  })

  it('shows a client that does not read, here and among the connections', async () => {
    server.snapshot = faults['stuck client']
    await view('#floor')
    await says('#troubles', 'sleeper has read nothing for 30 s')
    await view('#connections')
    await says('#connections-rows .row', 'Fetch, writing, for 30.1 s')
  })

  it('explains a slow request to someone who has only a keyboard', async () => {
    const slow = request(
      { requestQueue: 410, local: 2 },
      { circumstances: { queueDepth: 500, queueCapacity: 500 } }
    )
    server.snapshot = { ...faults['full queue'], requests: { newest: [], slowest: [slow] } }
    await view('#floor')
    await browser.evaluate('document.body.focus()')
    await browser.press('2')
    await says('#requests-rows .row', 'Waited 410 ms')
    await browser.evaluate("document.querySelector('#requests-rows .scroller').focus()")
    await browser.press('Tab')
    expect(await browser.evaluate('document.activeElement.textContent')).toBe('Produce')
    await browser.press('Enter')
    await browser.until("!document.getElementById('request').hidden")
    expect(await text('#request .sentence')).toContain(
      'Waited 410 ms in the request queue: it was full, 500/500 before it; all 2 handlers busy, in Produce on topic orders.'
    )
    expect(await text('#request')).toContain('dequeued\t410 ms')
    expect(await browser.evaluate("document.querySelector('.waterfall').getAttribute('aria-label')")).toBe(
      'request queue 410 ms, handler 2 ms'
    )
  })

  it('filters requests, and keeps the filter in the address', async () => {
    server.snapshot = {
      ...quiet,
      requests: {
        newest: [],
        slowest: [request({ local: 50 }), request({ local: 30 }, { clientId: 'mailer' })]
      }
    }
    await view('#requests')
    await says('#requests-count', '2 requests')
    await browser.evaluate("document.getElementById('request-client').focus()")
    for (const key of 'mail') await browser.press(key)
    await says('#requests-count', '1 request;')
    expect(await browser.evaluate('location.hash')).toBe('#requests?client=mail')
  })

  it('has a thousand connections and partitions at hand, of which only those in sight are in the document', async () => {
    server.snapshot = {
      ...quiet,
      connections: Array.from({ length: 1000 }, (_, number) => connection(number, { idleMs: 1000 - number })),
      logs: Array.from({ length: 1000 }, (_, number) => log('orders', number))
    }
    await view('#connections')
    await says('#connections-count', '1,000 connections')
    const rows = (): Promise<number> =>
      browser.evaluate("document.querySelectorAll('#connections-rows .row').length")
    expect(await rows()).toBeLessThan(60)
    await browser.evaluate("document.querySelector('#connections-rows .scroller').scrollTop = 1e9")
    await says('#connections-rows .row:last-child', 'client-999')
    expect(await rows()).toBeLessThan(60)
    const longest = await browser.evaluate<number>(`new Promise(resolve => {
      const scroller = document.querySelector('#connections-rows .scroller')
      let [last, longest, frames] = [performance.now(), 0, 0]
      const frame = now => {
        longest = Math.max(longest, now - last)
        last = now
        scroller.scrollTop -= 300
        if (++frames < 60) requestAnimationFrame(frame)
        else resolve(longest)
      }
      requestAnimationFrame(frame)
    })`)
    // A frame is 17 ms; a machine that others use too may lose some, a page that draws thousands of rows loses all of them.
    expect(longest).toBeLessThan(250)
    await view('#topics')
    await says('#partitions-count', '1,000 partitions')
    expect(await browser.evaluate("document.querySelectorAll('#topics .row').length")).toBeLessThan(80)
  })

  it('draws the statechart of an actor and goes back in time', async () => {
    server.snapshot = quiet
    const actor = {
      machine: 'processor',
      name: 'processor.0.PLAINTEXT',
      number: 1,
      level: 'lifecycle'
    } as const
    const step = (event: string, from: string, to: string) => ({ event, from, to, actions: ['deed'] })
    const entries = [
      {
        number: 1,
        atMs: 1000,
        actor,
        step: step('start', 'starting', 'running'),
        data: undefined,
        context: undefined
      },
      {
        number: 2,
        atMs: 2000,
        actor,
        step: step('queueFull', 'running', 'backpressured'),
        data: undefined,
        context: undefined
      }
    ]
    server.traces = [packTrace(1, entries, { lifecycle: 0, all: 0 })]
    await view('#actors?thread=1&name=processor.0.PLAINTEXT')
    await says('#actor .current', 'running')
    await browser.evaluate("document.getElementById('record').click()")
    await says('#actor .current', 'backpressured')
    await browser.until(
      "!document.getElementById('earlier').disabled && document.getElementById('earlier').dataset.at"
    )
    await browser.evaluate("document.getElementById('earlier').click()")
    await says('#actor .current', 'running')
    await says('#moment-said', '00:00:01.000, 1 s before the end')
    await browser.evaluate("document.getElementById('live').click()")
    await says('#moment-said', 'now')
  })

  it('tells the way of an offset to the disk', async () => {
    server.history = {
      atMs: 9000,
      topic: 'orders',
      partition: 0,
      offset: 17,
      append: { baseOffset: 10, lastOffset: 19, receivedAtMs: 1000, appendedAtMs: 1004 },
      flush: { startedAtMs: 3000, ms: 40, upTo: 20, cause: 'interval' },
      syncedAtMs: 3040
    }
    await view('#disk?topic=orders&partition=0&offset=17')
    await says('#history', '00:00:01.004 appended with offsets 10 to 19, 4 ms after it was received')
    await says('#history', 'a flush began (interval), which took 40 ms; it began 2 s after the append')
    await says('#history', '00:00:03.040 on the disk, 2 s after the append')
  })

  it('says when the broker does not answer, and goes on when it does again', async () => {
    await view('#floor')
    await browser.evaluate(
      'globalThis.realFetch = fetch; globalThis.fetch = () => Promise.reject(new TypeError())'
    )
    await says('#connection', 'The broker does not answer.')
    await browser.evaluate('globalThis.fetch = realFetch')
    await browser.until("document.getElementById('connection').textContent === ''")
  })

  it('gives every control a name, and every actor its name and state in text', async () => {
    server.snapshot = faults['full queue']
    for (const each of ['floor', 'requests', 'disk', 'actors', 'connections', 'topics']) {
      await view(`#${each}`)
      await browser.until(`!document.getElementById('${each}').hidden`)
      const controls = (await browser.accessible()).filter(({ role }) =>
        /^(?:button|link|textbox|searchbox|combobox|slider|spinbutton|table|region|navigation)$/.test(role)
      )
      expect(
        controls.filter(({ name }) => name === ''),
        each
      ).toEqual([])
    }
    await view('#floor')
    await browser.until(
      "[...document.querySelectorAll('.card')].some(card => /^Processor 0\\s+backpressured/.test(card.innerText))"
    )
  })

  it.each(['light', 'dark'])('can be read when it is %s', async mode => {
    await browser.dark(mode === 'dark')
    server.snapshot = faults['full queue']
    await view('#floor')
    await says('.card.trouble', '0')
    const low = await browser.evaluate<string[]>(contrastsBelow(4.5))
    expect(low).toEqual([])
    await browser.dark(false)
  })

  it('complains of nothing', () => {
    expect(browser.complaints.filter(each => !each.includes('favicon'))).toEqual([])
  })
})

/** Texts in sight whose colour is too near to what lies behind them. */
const contrastsBelow = (least: number): string => `(() => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number)
  const light = ([r, g, b]) => [r, g, b].map(part => part / 255).map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0)
  const behind = node => {
    for (let at = node; at; at = at.parentElement) {
      const colour = numbers(getComputedStyle(at).backgroundColor)
      if (colour.length === 3 || colour[3] === 1) return colour
    }
    return [255, 255, 255]
  }
  return [...document.querySelectorAll('h1, h2, h3, h4 *, p, a, small, .word, .said, .depth, button')]
    .filter(node => node.checkVisibility() && node.textContent.trim() !== '' && !node.disabled)
    .flatMap(node => {
      const [a, b] = [light(numbers(getComputedStyle(node).color)), light(behind(node))].sort((x, y) => y - x)
      const contrast = (a + 0.05) / (b + 0.05)
      return contrast < ${least} ? [node.textContent + ' ' + contrast.toFixed(1)] : []
    })
})()`
