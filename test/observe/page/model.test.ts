// Goal: a way through a model, a counterexample and a recording are played step by step on the floor plan, and what is lit is who
// acts. Method: the page's functions on ways whose states are known; the routes; a real browser where the machine has one.
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packTrace } from '../../../src/actors/runtime/trace.js'
import { machineAnswer, recordedWay, waysOfPackage } from '../../../src/observe/page/model-view.js'
import { recordingOf } from '../../../src/observe/page/recording.js'
import { storyScript } from '../../../src/observe/page/script-story.js'
import { check } from '../../../src/verify/check.js'
import { machines } from '../../../src/verify/machines.js'
import { type WayFile, wayFiles } from '../../../src/verify/way-file.js'
import { pingModel } from '../../verify/ping-model.js'
import { Browser, chromium } from './chromium.js'
import { type PageServer, pageServer } from './page-server.js'

interface Part {
  readonly name: string
  readonly state: string
  readonly lit: string
  readonly queue?: { readonly depth: number; readonly capacity?: number }
}

interface Story {
  readonly title: string
  readonly steps: readonly { readonly says: string }[]
}

interface Page {
  storyOf(way: unknown): Story
  stationsAt(
    story: Story,
    count: number
  ): readonly { readonly title: string; readonly more: string; readonly parts: readonly Part[] }[]
  chartsAt(story: Story, count: number): readonly { readonly machine: string; readonly state: string }[]
  afterStep(story: Story, count: number): number | undefined
}

const page = runInNewContext(`${storyScript};({ storyOf, stationsAt, chartsAt, afterStep })`) as Page
const litAt = (story: Story, count: number): string[] =>
  page
    .stationsAt(story, count)
    .flatMap(({ title, parts }) =>
      parts
        .filter(({ lit }) => lit !== '')
        .map(({ name, lit, state }) => `${title}: ${name} ${lit}, ${state}`)
    )

const ways = await waysOfPackage()
const fullQueue = ways.get('network-processors: a request waits for room in the queue')

const counterexample = (): WayFile => {
  const [file] = wayFiles(check(pingModel('twice')))
  return JSON.parse(file?.text ?? '')
}

const processor = {
  machine: 'processor',
  name: 'processor.0.PLAINTEXT',
  number: 1,
  level: 'lifecycle'
} as const
const broker = { machine: 'broker', name: 'broker', number: 2, level: 'lifecycle' } as const
const step = (event: string, from: string, to: string, ...actions: string[]) => ({ event, from, to, actions })
const trace = packTrace(
  0,
  [
    { number: 1, atMs: 1000, actor: broker, step: step('xstate.init', '', 'notRunning') },
    { number: 2, atMs: 1001, actor: processor, step: step('start', 'starting', 'running') },
    {
      number: 3,
      atMs: 1002,
      actor: processor,
      step: step('queueFull', 'running', 'backpressured', 'pauseReading')
    }
  ].map(each => ({ data: undefined, context: undefined, ...each })),
  { lifecycle: 0, all: 0 }
)

describe('a story', () => {
  it('of a model lights who acts and who is reached, and shows how full the queue is', () => {
    const story = page.storyOf(fullQueue)
    expect(story.title).toBe('Model network-processors: a request waits for room in the queue.')
    const read =
      story.steps.findIndex(({ says }) => /reads a request of client 1 → request queue$/.test(says)) + 1
    expect(read).toBeGreaterThan(0)
    const lit = litAt(story, read)
    expect(lit).toContainEqual(expect.stringMatching(/^Processors: processor 0 acts, /))
    expect(lit).toContainEqual('RequestChannel: request queue is reached, accepting 1/1 [client 1]')
    const queue = page.stationsAt(story, read).find(({ title }) => title === 'RequestChannel')
      ?.parts[0]?.queue
    expect(queue).toEqual({ depth: 1, capacity: 1 })
    expect(page.chartsAt(story, read)).toMatchObject([
      { machine: 'processor', state: 'running' },
      { machine: 'requestChannel', state: 'accepting' }
    ])
    expect(litAt(story, 0)).toEqual([])
    expect(page.stationsAt(story, 0).map(({ title }) => title)).toEqual([
      'Clients',
      'Acceptors',
      'Processors',
      'RequestChannel',
      'Handlers',
      'Broker'
    ])
  })

  it('of a counterexample ends where the property does not hold', () => {
    const story = page.storyOf(counterexample())
    expect(story.title).toBe('Counterexample, model ping: one-answer does not hold (a ping has one answer).')
    expect(story.steps.map(({ says }) => says)).toEqual([
      'Client sends a ping; #1 → server (environment)',
      'Server answers → client',
      'Server answers → client'
    ])
    expect(litAt(story, 2)).toEqual([
      'Clients: client is reached, idle',
      'Broker: server acts, busy',
      'Broker: answers changes, 1 sent'
    ])
    expect([page.afterStep(story, 2), page.afterStep(story, 3)]).toEqual([3, undefined])
  })

  it('with a cycle goes round', () => {
    const story = page.storyOf({ ...counterexample(), cycleFrom: 1 })
    expect(page.afterStep(story, 3)).toBe(2)
  })

  it('of a recording is what each actor did, in order', () => {
    const story = page.storyOf(recordedWay(recordingOf([trace], 0), new URLSearchParams()))
    expect(story.steps.map(({ says }) => says)).toEqual([
      'broker: xstate.init; it is notRunning',
      'processor.0.PLAINTEXT: start; starting → running',
      'processor.0.PLAINTEXT: queueFull; running → backpressured; it does pauseReading'
    ])
    expect(litAt(story, 3)).toEqual(['Processors: processor.0.PLAINTEXT acts, backpressured'])
    expect(page.stationsAt(story, 0)[0]?.parts[0]).toMatchObject({ state: 'starting', lit: '' })
    const own = recordedWay(recordingOf([trace], 0), new URLSearchParams({ q: 'processor' }))
    expect(own.actors.map(({ name }) => name)).toEqual(['processor.0.PLAINTEXT'])
  })

  it('of many parts shows those that were concerned last, and how many more there are', () => {
    const parts = Array.from({ length: 30 }, (_, number) => `client ${number}`)
    const steps = [
      { from: 'client 29', to: 'client 29', says: 'comes', by: 'actor', changes: { 'client 29': 'here' } }
    ]
    const way = { odradek: 'way', model: 'm', says: 's', parts, initial: {}, steps }
    const [clients] = page.stationsAt(page.storyOf(way), 1)
    expect([clients?.parts.length, clients?.more, clients?.parts.at(-1)?.name]).toEqual([
      12,
      'and 18 more',
      'client 29'
    ])
  })

  it('is not made of a file that is something else', () => {
    const spoilt = { ...counterexample(), steps: [{ from: 1 }] }
    for (const file of [undefined, null, 1, {}, { odradek: 'way' }, [], spoilt])
      expect(() => page.storyOf(file)).toThrow(expect.stringContaining('This is no way through a model'))
  })

  it('comes with the package for every situation, and each part has its station', () => {
    expect(ways.size).toBeGreaterThanOrEqual(12)
    for (const way of ways.values()) {
      const story = page.storyOf(way)
      const shown = page.stationsAt(story, way.steps.length).flatMap(({ parts }) => parts)
      for (const { from } of way.steps) expect(shown.map(({ name }) => name)).toContain(from)
      const drawn = way.steps.flatMap((_, index) => page.chartsAt(story, index + 1))
      for (const { machine } of drawn) expect([...machines.keys()]).toContain(machine)
      if (['broker', 'consumer-group', 'request-edges'].includes(way.model)) continue
      expect(
        drawn.some(({ machine, state }) => machineAnswer(machines, machine, state)?.state === state)
      ).toBe(true)
    }
  })
})

describe('a machine', () => {
  it('is drawn with its state lit, or as it is where there is no such state', () => {
    expect(machineAnswer(machines, 'processor', 'running')?.charts[0]?.svg).toContain('current')
    expect(machineAnswer(machines, 'processor', 'dancing')).toMatchObject({ state: '', ways: [] })
    expect(machineAnswer(machines, 'toString', '')).toBeUndefined()
  })
})

describe.skipIf(chromium === undefined)('the model in Chromium', { timeout: 20_000 }, () => {
  let server: PageServer
  let browser: Browser
  beforeAll(async () => {
    server = await pageServer()
    server.traces = [trace]
    browser = new Browser(chromium ?? '')
    await browser.open(`${server.url}/#model`)
    await browser.until("document.querySelector('#way option:nth-child(2)')", 20_000)
  }, 30_000)
  afterAll(async () => {
    await browser?.close()
    server?.close()
  })
  const says = (selector: string, part: string): Promise<void> =>
    browser.until(
      `document.querySelector(${JSON.stringify(selector)})?.innerText.includes(${JSON.stringify(part)})`
    )

  it('plays a way with the keyboard alone', async () => {
    const way = 'network-processors: a request waits for room in the queue'
    await browser.evaluate(`location.hash = ${JSON.stringify(`#model?${new URLSearchParams({ way })}`)}`)
    await says('#way-title', 'a request waits for room')
    await says('#way-step', 'The beginning.')
    await browser.evaluate('document.activeElement.blur()')
    await browser.press('ArrowRight')
    await says('#way-step', 'Step 1 of 12: Operator starts the broker')
    await browser.press('End')
    await says('#way-step', 'Step 12 of 12')
    await says('.card.acts', 'ACTS'.toLowerCase())
    await says('#way-stations [aria-label=RequestChannel]', '1/1')
    await browser.until("document.querySelector('#way-chart .current')")
    await browser.press('Home')
    await browser.press(' ')
    await says('#way-play', 'Stop')
    await says('#way-step', 'Step 2 of 12')
    await browser.press(' ')
    await says('#way-play', 'Play')
    const names = await browser.accessible()
    for (const name of ['To the beginning', 'Step back', 'Play', 'Step', 'To the end'])
      expect(names).toContainEqual({ role: 'button', name })
    expect(names).toContainEqual({ role: 'slider', name: 'Steps that are done' })
  })

  it('plays a counterexample that a person has as a file, which no server sees', async () => {
    const text = JSON.stringify(JSON.stringify(counterexample()))
    const choose = (content: string): Promise<unknown> =>
      browser.evaluate(`(() => {
        const files = new DataTransfer()
        files.items.add(new File([${content}], 'ping.json'))
        const input = document.getElementById('way-file')
        input.files = files.files
        input.dispatchEvent(new Event('change'))
      })()`)
    await choose(text)
    await says('#way-title', 'one-answer does not hold')
    await choose('"no JSON"')
    await says('#way-trouble', 'This is no way through a model')
  })

  it('plays what was recorded, and draws any machine', async () => {
    await browser.evaluate("document.getElementById('way-recorded').click()")
    await says('#way-step', 'queueFull; running → backpressured')
    await browser.evaluate("location.hash = '#model?machine=acceptor'")
    await browser.until("document.querySelector('#machine-chart svg[aria-label*=acceptor]')")
    expect(browser.complaints).toEqual([])
  })
})
