// Goal: whoever has only the page finds which of five faults a broker suffers from. Method: broker processes, each with one
// fault made on purpose, under a small load; then what a person reads in Chromium: the floor plan's sentence and the card that
// is lit, the reason of the slow request, the way of an offset to the disk.
import net from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { append, createTopic, fetch as fetchSchema } from '../../broker/support.js'
import type { WireClient } from '../../support/wire-client.js'
import { hasChromium, launchChromium, openPage } from './chromium.js'
import { loading } from './load.js'
import { card, says, textOf } from './reading.js'
import { type SickBroker, type SlowDisk, startSickBroker } from './sick-broker.js'

describe.skipIf(!hasChromium)('the page in Chromium, before a broker', () => {
  let browser: Browser
  const endings: (() => unknown)[] = []

  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser?.close())
  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end()
  })

  async function sick(overrides: Record<string, string>, disk?: SlowDisk): Promise<[SickBroker, Page]> {
    const broker = await startSickBroker(overrides, disk)
    endings.push(() => broker.stop())
    const { page, complaints } = await openPage(browser, broker.inspector)
    endings.push(async () => {
      await page.context().close()
      expect(complaints).toEqual([])
    })
    return [broker, page]
  }

  test('whose disk flushes slowly: the log and its flush now, then how late which bytes came to the disk', async () => {
    const [broker, page] = await sick({ 'log.flush.acks': 'true' }, { topic: 'orders', flushMs: 3000 })
    const client = await broker.connect('billing')
    await createTopic(client, 'orders')
    const sent = append(client, 'orders', 0, ['a', 'b', 'c'])
    await says(page, '#troubles p', /^A flush of orders-0 to the disk has been running for [12](\.\d)? s\.$/)
    expect(await card(page, 'orders-0')).toMatch(/slow flush/i)
    await sent

    await page.keyboard.press('2')
    await says(
      page,
      '#requests-rows .row',
      /Produce.*billing.*orders-0.*Waited [3-5](\.\d)? s after its handler had done its part.*the flush of orders-0 that covers it took [3-5](\.\d)? s \(acks\)/s
    )

    await page.keyboard.press('3')
    await page.getByLabel('Topic', { exact: true }).and(page.locator('#disk-topic')).fill('orders')
    await page.getByLabel('Offset').fill('1')
    await page.getByRole('button', { name: 'Look up' }).click()
    await says(page, '#history', /orders-0, offset 1/)
    const told = await textOf(page.locator('#history'))
    expect(told).toMatch(/\d\d:\d\d:\d\d\.\d{3} received/)
    expect(told).toMatch(/\d\d:\d\d:\d\d\.\d{3} appended with offsets 0 to 2/)
    expect(told).toMatch(/a flush began \(acks\), which took [3-5](\.\d)? s/)
    expect(told).toMatch(/on the disk, [3-5](\.\d)? s after the append/)
    await says(
      page,
      '#headline',
      /^On the disk [3-5](\.\d)? s after the append: .* until a flush began \(acks\), [3-5](\.\d)? s for the flush\.$/
    )
    const times = [...told.matchAll(/\d\d:\d\d:\d\d\.\d{3}/g)].map(([time]) => time)
    expect(times).toEqual([...times].sort())
  })

  test('that answers before its slow disk has the bytes: an offset is said to be on its way, then how late it came', async () => {
    const [broker, page] = await sick(
      { 'log.flush.interval.messages': '1' },
      { topic: 'orders', flushMs: 2500 }
    )
    const client = await broker.connect('billing')
    await createTopic(client, 'orders')
    await append(client, 'orders', 0, ['a'])
    await page.goto(`${broker.inspector}#disk?topic=orders&partition=0&offset=0`)
    await says(page, '#headline', /^It is not on the disk yet, \d+(\.\d)? m?s after it was appended\.$/i)
    await says(page, '#history', /a flush began \(count\), which took (?:2\.[5-9]|[34](?:\.\d)?) s/)
    await says(page, '#history', /on the disk, (?:2\.[5-9]|[34](?:\.\d)?) s after the append/)
    // The answer did not wait for it.
    expect(await textOf(page.locator('#history'))).toMatch(/Its request took \d+(\.\d)? ms in all/)
  })

  test('whose disk writes slowly: the append took the time of the request', async () => {
    const [broker, page] = await sick({}, { topic: 'orders', writeMs: 400 })
    const client = await broker.connect('billing')
    await createTopic(client, 'orders')
    await append(client, 'orders', 0, ['a'])
    await page.keyboard.press('2')
    await says(
      page,
      '#requests-rows .row',
      /Spent [4-9]\d\d ms in a handler on Produce on topic orders: [4-9]\d\d ms of it until its records were in the page cache of orders-0\./
    )
  })

  test('whose only handler does not keep up: the queue is full, from across the room and in the request', async () => {
    const [broker, page] = await sick(
      { 'num.io.threads': '1', 'queued.max.requests': '3' },
      { topic: 'orders', writeMs: 100 }
    )
    const clients: WireClient[] = []
    for (let number = 0; number < 12; number++) clients.push(await broker.connect(`shop-${number}`))
    const [first] = clients
    if (first === undefined) return
    await createTopic(first, 'orders')
    const load = loading(clients, client => append(client, 'orders', 0, ['x']))
    endings.push(load.stop)
    await says(
      page,
      '#troubles p',
      /^The request queue is full: [23]\/3, and \d+ requests? more that were read wait for room\.$/
    )
    await says(
      page,
      '#troubles p',
      /^The only handler is busy (?:8[5-9]|9\d|100) % of the time, mostly with Produce on topic orders\.$/
    )
    const lit = page.locator('.card.trouble', { hasText: 'request queue' })
    await lit.waitFor()
    expect(await textOf(lit)).toMatch(/FULL\s+[23]\/3/)
    // A word that is read from across the room.
    const size = await page.evaluate(
      "getComputedStyle(document.querySelector('.card.trouble .word')).fontSize"
    )
    expect(Number.parseFloat(String(size))).toBeGreaterThan(18)
    await page.keyboard.press('2')
    await says(
      page,
      '#requests-rows .row',
      /(?:Waited \d+ ms in|Was read whole \d+ ms before it was in) the request queue: it (?:was full|took the last free place), [23]\/3 before it; the only handler busy, in Produce on topic orders\./
    )
  })

  test('with a client that does not read: its name and for how long', async () => {
    const [broker, page] = await sick({})
    const client = await broker.connect('billing')
    await createTopic(client, 'orders')
    const value = 'x'.repeat(900_000)
    for (let part = 0; part < 14; part++) await append(client, 'orders', 0, [value])
    const deaf = await broker.connect('deaf')
    deaf.socket.pause()
    void everything(deaf).catch(() => undefined)
    await says(
      page,
      '#troubles p',
      /^1 connection with an answer that nobody takes: deaf has read nothing for \d+(\.\d)? s\.$/
    )
    await page.keyboard.press('5')
    await says(page, '#connections-rows .row', /^\s*deaf.*Fetch, writing, for \d+(\.\d)? s/s)
    await page.keyboard.press('2')
    await says(page, '#running', /Fetch of deaf for \d+(\.\d)? s: its answer is being written to the socket/)
    deaf.socket.resume()
    await says(page, '#requests-rows .row', /Fetch.*deaf.*Writing its answer of 1\d MB took \d/s)
  })

  test('in a storm of connections: the Acceptor is blocked, and why', async () => {
    const [broker, page] = await sick({ 'max.connections': '20' })
    const [host = '', port = ''] = broker.bootstrap.split(':')
    const sockets = Array.from({ length: 300 }, () => net.connect({ host, port: Number(port) }))
    for (const socket of sockets) socket.on('error', () => {})
    endings.push(() => sockets.forEach(socket => void socket.destroy()))
    await says(
      page,
      '#troubles p',
      /^Acceptor PLAINTEXT takes no connections, it is blocked\.waitingForSlot: as many connections are open as may be \(max\.connections\)\.$/
    )
    expect(await card(page, 'Acceptor PLAINTEXT')).toMatch(
      /blocked\.waitingForSlot\s+BLOCKED\s.*20 connections/s
    )
    await page.keyboard.press('5')
    await says(page, '#connections-count', /^20 connections$/)
    for (const socket of sockets) socket.destroy()
    await page.keyboard.press('1')
    await says(page, '#troubles', /^Nothing is wrong that can be seen from here\.$/)
  })
})

const everything = (client: WireClient) =>
  client.request(fetchSchema, 11, {
    replicaId: -1,
    maxWaitMs: 100,
    minBytes: 1,
    maxBytes: 50_000_000,
    sessionEpoch: -1,
    topics: [
      { topic: 'orders', partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 50_000_000 }] }
    ]
  })
