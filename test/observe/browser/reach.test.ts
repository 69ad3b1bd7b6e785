// Goal: everything that the page has can be reached, operated and read without a mouse, in light and in dark, and by those who
// have only the text. Method: Chromium before a broker process with some load; keys only; computed colours; the accessibility
// tree as a screen reader is given it.
import type { Browser, CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { append, createTopic } from '../../broker/support.js'
import { hasChromium, launchChromium, openPage } from './chromium.js'
import { loading } from './load.js'
import { says } from './reading.js'
import { type SickBroker, startSickBroker } from './sick-broker.js'

describe.skipIf(!hasChromium)('the page, without a mouse', () => {
  let broker: SickBroker
  let browser: Browser
  let page: Page
  let protocol: CDPSession
  let load: ReturnType<typeof loading>
  let complaints: readonly string[] = []

  beforeAll(async () => {
    broker = await startSickBroker({ 'num.io.threads': '2', 'odradek.trace': 'all' })
    const clients = [await broker.connect('billing'), await broker.connect('mailer')]
    for (const client of clients) await createTopic(client, 'orders', 2)
    load = loading(clients, async client => {
      await append(client, 'orders', 0, ['x'])
      await new Promise(resolve => setTimeout(resolve, 30))
    })
    browser = await launchChromium()
    ;({ page, complaints } = await openPage(browser, broker.inspector))
    protocol = await page.context().newCDPSession(page)
  })
  afterAll(async () => {
    await load?.stop()
    await browser?.close()
    await broker?.stop()
  })

  const focused = (): Promise<Focus> => page.evaluate<Focus>(describeFocus)
  const tabTo = async (name: RegExp): Promise<Focus> => {
    const seen: string[] = []
    for (let presses = 0; presses < 60; presses++) {
      await page.keyboard.press('Tab')
      const focus = await focused()
      seen.push(focus.name)
      if (name.test(focus.name)) return focus
    }
    throw new Error(`Tab does not come to ${name}, but to ${seen.join(', ')}`)
  }
  const viewNames = (): Promise<string[]> => page.locator('nav a').allInnerTexts()

  test('each view is a key, and a link that Tab comes to and Enter opens', async () => {
    const names = await viewNames()
    expect(names.length).toBeGreaterThanOrEqual(6)
    for (const [index, name] of names.entries()) {
      await page.keyboard.press(String(index + 1))
      await page.locator('nav a[aria-current=page]', { hasText: name }).waitFor()
      expect(await page.locator('.view:not([hidden])').count()).toBe(1)
    }
    for (const name of [names[1] ?? '', names.at(-1) ?? '']) {
      await page.evaluate(fromTheTop)
      await tabTo(new RegExp(`^${name}$`))
      await page.keyboard.press('Enter')
      await page.locator('nav a[aria-current=page]', { hasText: name }).waitFor()
    }
  })

  test('whatever has the focus shows it', async () => {
    for (const [index, view] of (await viewNames()).entries()) {
      await page.keyboard.press(String(index + 1))
      await page.locator('.view:not([hidden]) h2').first().waitFor()
      await page.evaluate(fromTheTop)
      const unseen: string[] = []
      const reached = new Set([(await focused()).place])
      for (let presses = 0; presses < 40; presses++) {
        await page.keyboard.press('Tab')
        const focus = await focused()
        if (reached.has(focus.place)) break
        reached.add(focus.place)
        if (focus.place !== '' && (focus.outlinePx < 1 || !focus.isInSight)) unseen.push(focus.name)
      }
      expect(unseen, view).toEqual([])
      // Of those that could be used, each was come to, unless a list was entered that has a row for each Tab.
      const missed = (await page.evaluate<string[]>(controlsInSight)).filter(place => !reached.has(place))
      if (reached.size < 40) expect(missed, view).toEqual([])
    }
  })

  test('a request is filtered, chosen, explained and followed to the disk with keys only', async () => {
    await page.evaluate(fromTheTop)
    await page.keyboard.press('2')
    await page.locator('#requests .row').first().waitFor()
    await tabTo(/^Client$/)
    await page.keyboard.type('billing')
    await expect.poll(() => page.evaluate('location.hash')).toContain('client=billing')
    await tabTo(/^API$/)
    await page.keyboard.type('Produce')
    await expect.poll(() => page.evaluate('location.hash')).toContain('api=Produce')
    await says(page, '#requests-rows .row', /Produce.*billing/s)
    await tabTo(/^Requests, rows$/)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.locator('#request .sentence').waitFor()
    await tabTo(/^Its way to the disk$/)
    await page.keyboard.press('Enter')
    await says(page, '#headline', /orders|disk/)
    expect(await page.evaluate('location.hash')).toContain('#disk?topic=orders')
  })

  test('an offset is looked up with keys only', async () => {
    await page.goto(`${broker.inspector}#disk`)
    await page.locator('#topic-names option').first().waitFor({ state: 'attached' })
    await tabTo(/^Topic$/)
    await page.keyboard.type('orders')
    await tabTo(/^Offset$/)
    await page.keyboard.type('0')
    await page.keyboard.press('Enter')
    await says(page, '#history', /orders-0, offset 0/)
    await says(page, '#headline', /^It is not on the disk yet, /)
  })

  test('an actor is chosen and its past gone through with keys only', async () => {
    await page.goto(`${broker.inspector}#actors`)
    await tabTo(/^Name, machine or state$/)
    await page.keyboard.type('processor.0')
    await expect.poll(() => page.evaluate('location.hash')).toContain('q=processor.0')
    await says(page, '#actors-rows .row', /processor\.0/)
    await tabTo(/^processor\.0/)
    await page.keyboard.press('Enter')
    await page.locator('#actor .current').first().waitFor()
    await page.evaluate(fromTheTop)
    await tabTo(/^Look back$/)
    await page.keyboard.press('Enter')
    await says(page, '#moment-said', /before the end of the recording/)
    await tabTo(/^Step before$/)
    await page.keyboard.press('Enter')
    await tabTo(/^Time in the recorded window$/)
    await page.keyboard.press('Home')
    await expect.poll(() => page.locator('#moment').getAttribute('aria-valuetext')).toMatch(/before the end/)
    await page.evaluate(fromTheTop)
    await tabTo(/^Now$/)
    await page.keyboard.press('Enter')
    await says(page, '#moment-said', /^now$/)
  })

  test('it is paused with a key, and says so', async () => {
    await page.goto(`${broker.inspector}#floor`)
    await page.keyboard.press('p')
    const pause = page.locator('#pause')
    expect(await pause.getAttribute('aria-pressed')).toBe('true')
    await page.keyboard.press('p')
    expect(await pause.getAttribute('aria-pressed')).toBe('false')
  })

  test('every control has a name and every actor its name and state in text', async () => {
    for (const [index, view] of (await viewNames()).entries()) {
      await page.keyboard.press(String(index + 1))
      await page.locator('.view:not([hidden]) h2').first().waitFor()
      const nodes = await accessibleNodes(protocol)
      const controls = nodes.filter(({ role }) =>
        /^(?:button|link|textbox|searchbox|combobox|slider|spinbutton|table|region|navigation|option|img)$/.test(
          role
        )
      )
      expect(controls.length, view).toBeGreaterThan(5)
      expect(
        controls.filter(({ name }) => name.trim() === ''),
        view
      ).toEqual([])
    }
    await page.keyboard.press('1')
    for (const [name, state] of [
      ['Acceptor PLAINTEXT', 'listening'],
      ['Processor 0', 'running'],
      ['request queue', 'accepting'],
      ['Handler 0', 'waiting|handling'],
      ['orders-0', 'leading']
    ])
      await says(page, '.card', new RegExp(`^${name}\\s*(?:${state})`))
  })

  test.each(['light', 'dark'] as const)('all text can be read when it is %s', async colorScheme => {
    await page.emulateMedia({ colorScheme })
    const [pageColour = 0] = await page.evaluate<number[]>(
      'getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)'
    )
    expect(pageColour < 128 ? 'dark' : 'light').toBe(colorScheme)
    await page.goto(`${broker.inspector}#actors?thread=1&name=processor.0.PLAINTEXT`)
    await page.reload()
    await page.locator('#actor .current').first().waitFor()
    const low: string[] = await page.evaluate(contrastsBelow(4.5))
    for (const key of '12345678') {
      await page.keyboard.press(key)
      await page.locator('.view:not([hidden]) h2').first().waitFor()
      await page.waitForTimeout(150)
      low.push(...(await page.evaluate<string[]>(contrastsBelow(4.5))))
    }
    expect(low).toEqual([])
    await page.emulateMedia({ colorScheme: 'light' })
  })

  test('complains of nothing', () => {
    expect(complaints).toEqual([])
  })
})

/** The first thing that Tab comes to. */
const fromTheTop = "document.querySelector('.skip').focus()"

interface Focus {
  readonly name: string
  /** Where in the document. */
  readonly place: string
  readonly outlinePx: number
  readonly isInSight: boolean
}

const placing = `const place = node => { const path = []; for (let at = node; at.parentElement; at = at.parentElement) path.unshift([...at.parentElement.children].indexOf(at)); return path.join('.') }
  const nameOf = node => (node.getAttribute('aria-label') ?? node.labels?.[0]?.textContent ?? node.textContent).trim()`

const describeFocus = `(() => {
  ${placing}
  const node = document.activeElement
  if (node === null || node === document.body) return { name: 'nothing', place: '', outlinePx: 0, isInSight: true }
  const style = getComputedStyle(node)
  const box = node.getBoundingClientRect()
  return { name: nameOf(node), place: place(node), outlinePx: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
    isInSight: box.bottom > 0 && box.top < innerHeight && box.width > 0 }
})()`

/** Places of what can be used, outside of lists. */
const controlsInSight = `(() => {
  ${placing}
  return [...document.querySelectorAll('a[href], button, input, select, summary')]
    .filter(node => node.checkVisibility() && !node.disabled && node.closest('.row') === null)
    .map(place)
})()`

async function accessibleNodes(protocol: CDPSession): Promise<{ role: string; name: string }[]> {
  const { nodes } = await protocol.send('Accessibility.getFullAXTree')
  return nodes
    .filter(({ ignored }) => !ignored)
    .map(({ role, name }) => ({ role: String(role?.value ?? ''), name: String(name?.value ?? '') }))
}

/** Texts in sight whose colour is too near to what lies behind them. */
const contrastsBelow = (least: number): string => `(() => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number)
  const light = ([r, g, b]) => [r, g, b].map(part => part / 255).map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0)
  const behind = node => {
    const shape = node.closest('svg') === null ? null : node.parentElement.querySelector(':scope > rect')
    if (shape !== null) return numbers(getComputedStyle(shape).fill)
    for (let at = node; at; at = at.parentElement) {
      const colour = numbers(getComputedStyle(at).backgroundColor)
      if (colour.length === 3 || colour[3] === 1) return colour
    }
    return [255, 255, 255]
  }
  const own = node => [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim() !== '')
  return [...document.querySelectorAll('body *:not(script, style, option)')]
    .filter(node => own(node) && node.checkVisibility() && !node.disabled)
    .flatMap(node => {
      const style = getComputedStyle(node)
      const colour = numbers(node.closest('svg') === null ? style.color : style.fill)
      const [a, b] = [light(colour), light(behind(node))].sort((x, y) => y - x)
      const contrast = (a + 0.05) / (b + 0.05)
      return contrast < ${least} ? [node.textContent.trim().slice(0, 40) + ' ' + contrast.toFixed(1)] : []
    })
})()`
