// The pictures of docs/inspector.md: what the page shows of a healthy broker and of one whose only handler does not keep up.
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterEach, expect, test } from 'vitest'
import { append, createTopic, fetch as fetchSchema } from '../../broker/support.js'
import type { WireClient } from '../../support/wire-client.js'
import { hasChromium, launchChromium, openPage } from './chromium.js'
import { loading } from './load.js'
import { says } from './reading.js'
import { type SickBroker, startSickBroker } from './sick-broker.js'

const folder = fileURLToPath(new URL('../../../docs/screenshots/', import.meta.url))

const picture = async (page: Page, name: string, [width, height] = [1240, 760]): Promise<void> => {
  await page.setViewportSize({ width, height })
  await page.evaluate('scrollTo(0, 0)')
  await page.screenshot({ path: `${folder}${name}.png`, animations: 'disabled' })
}

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

/** Clients of four kinds, which come back every few milliseconds. */
async function shop(broker: SickBroker): Promise<() => Promise<unknown>> {
  const admin = await broker.connect('admin')
  await createTopic(admin, 'orders', 3)
  await createTopic(admin, 'payments', 2)
  await createTopic(admin, 'mail')
  const clients: WireClient[] = []
  const work = new Map<WireClient, () => Promise<unknown>>()
  let number = 0
  const connect = async (name: string, ask: (client: WireClient) => Promise<unknown>): Promise<void> => {
    const client = await broker.connect(name)
    clients.push(client)
    work.set(client, async () => {
      await ask(client)
      await pause(15)
    })
  }
  await connect('web', client => append(client, 'orders', number++ % 3, ['x'.repeat(300)]))
  await connect('web', client => append(client, 'orders', number++ % 3, ['x'.repeat(200)]))
  await connect('billing', client => append(client, 'payments', number++ % 2, ['x'.repeat(100), 'y']))
  await connect('mailer', client => poll(client, 'mail'))
  const load = loading(clients, client => work.get(client)?.() ?? Promise.resolve())
  return load.stop
}

const poll = (client: WireClient, name: string) =>
  client.request(fetchSchema, 11, {
    replicaId: -1,
    maxWaitMs: 500,
    minBytes: 1,
    maxBytes: 1_000_000,
    sessionEpoch: -1,
    topics: [{ topic: name, partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1_000_000 }] }]
  })

test.skipIf(!hasChromium)('pictures of a broker that is well', async () => {
  mkdirSync(folder, { recursive: true })
  const broker = await startSickBroker(
    {
      'num.io.threads': '4',
      'log.flush.interval.ms': '1500',
      'log.flush.scheduler.interval.ms': '500',
      'odradek.trace': 'all'
    },
    { topic: 'payments', flushMs: 700 }
  )
  endings.push(() => broker.stop())
  const stop = await shop(broker)
  const browser = await launchChromium()
  endings.push(() => browser.close())
  const { page } = await openPage(browser, broker.inspector, { viewport: { width: 1240, height: 760 } })
  await pause(5000)
  await says(page, '#troubles', /Nothing is wrong/)
  await picture(page, 'floor-plan')

  await page.goto(`${broker.inspector}#disk?topic=payments&partition=0&offset=20`)
  await says(page, '#history', /on the disk/)
  await picture(page, 'on-the-disk')

  await page.goto(`${broker.inspector}#actors`)
  await page.getByLabel('Name, machine or state').fill('exchange')
  const exchanges = page.locator('#actors-rows a[href*="q=exchange"]')
  await exchanges.nth(1).click()
  await page.locator('#actor .current').first().waitFor()
  await page.getByRole('button', { name: 'Look back' }).click()
  await says(page, '#moment-said', /before the end/)
  for (let step = 0; step < 3; step++) {
    await page.getByRole('button', { name: 'Step before' }).click()
    await pause(400)
  }
  await picture(page, 'actors')
  await stop()
})

test.skipIf(!hasChromium)('pictures of a broker whose only handler does not keep up', async () => {
  const broker = await startSickBroker(
    { 'num.io.threads': '1', 'queued.max.requests': '10' },
    { topic: 'orders', writeMs: 100 }
  )
  endings.push(() => broker.stop())
  const clients: WireClient[] = []
  for (let number = 0; number < 24; number++) clients.push(await broker.connect(`shop-${number}`))
  await createTopic(clients[0] ?? expect.fail(), 'orders')
  const load = loading(clients, client => append(client, 'orders', 0, ['x'.repeat(300)]))
  const browser = await launchChromium()
  endings.push(() => browser.close())
  const { page } = await openPage(browser, broker.inspector, { viewport: { width: 1240, height: 760 } })
  await pause(5000)
  await says(page, '#troubles', /The only handler is busy/)
  await picture(page, 'full-queue')
  await page.emulateMedia({ colorScheme: 'dark' })
  await picture(page, 'full-queue-dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await page.keyboard.press('2')
  await page.locator('#requests-rows a').first().click()
  await page.locator('#request .sentence').waitFor()
  await picture(page, 'slow-request', [1000, 840])
  await load.stop()
})
