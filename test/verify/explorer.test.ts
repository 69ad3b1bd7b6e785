// Goal: one can click through a model and see in each state what is there, what may happen and what holds. Method: a model
// known by heart, first directly, then over HTTP as the page asks.
import type { Server } from 'node:http'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { explorerOf } from '../../src/verify/explorer.js'
import { explorerPage } from '../../src/verify/explorer-page.js'
import { type AtAnswer, explorerServer, parsePath } from '../../src/verify/explorer-server.js'
import { sequenceSvg } from '../../src/verify/sequence-drawing.js'
import { pingModel } from './ping-model.js'

describe('the explorer', () => {
  const right = explorerOf(pingModel())
  const [leaves, sends] = [0, 1]

  it('shows the first state and its steps in the order of the model', () => {
    const here = right.at([])
    expect(here?.state).toEqual({ client: 'idle', server: 'free', answers: '0 sent' })
    expect(here?.next.map(({ action }) => action.says)).toEqual(['leaves', 'sends a ping; #1'])
    expect(here?.next[sends]?.changes).toEqual([
      { part: 'client', before: 'idle', after: 'waiting' },
      { part: 'server', before: 'free', after: 'busy' }
    ])
    expect(here?.changed).toEqual([])
  })

  it('follows a way and says what its last step changed', () => {
    const here = right.at([sends, 0])
    expect(here?.taken.map(({ from, says }) => `${from} ${says}`)).toEqual([
      'client sends a ping; #1',
      'server answers'
    ])
    expect(here?.changed.map(({ part }) => part)).toEqual(['client', 'server', 'answers'])
    expect(right.at([sends, 0, 0])).toBeUndefined()
    expect(right.story([7])).toBeUndefined()
  })

  it('says of each property whether it holds here', () => {
    const status = (way: readonly number[], model = right) =>
      Object.fromEntries(model.at(way)?.properties.map(({ id, status }) => [id, status]) ?? [])
    expect(status([])).toEqual({
      'one-answer': 'holds',
      'only-the-server-answers': 'idle',
      answered: 'holds'
    })
    expect(status([sends])).toMatchObject({ 'only-the-server-answers': 'holds', answered: 'owed' })
    expect(status([leaves])).toMatchObject({ answered: 'idle' })
    const twice = explorerOf(pingModel('twice'))
    expect(status([sends, 0, 0], twice)).toMatchObject({ 'one-answer': 'broken' })
  })

  it('tells rest from deadlock', () => {
    const lost = explorerOf(pingModel('lost'))
    expect(lost.at([])?.rest).toBe('goesOn')
    expect(lost.at([leaves])?.rest).toBe('mayRest')
    expect(lost.at([sends, 1])?.rest).toBe('deadlock')
  })

  it('says what the model throws where it throws', () => {
    const model = pingModel()
    const explorer = explorerOf({
      ...model,
      next: (state, step) => {
        if (state.client === 'waiting') throw new Error('no way on')
        model.next(state, step)
      }
    })
    expect(explorer.at([sends])).toMatchObject({ exception: 'no way on', next: [] })
    expect(explorer.find('broken.no-exception')).toEqual({ kind: 'found', way: [sends] })
  })

  it('finds the shortest way to a situation and to each kind of violation', () => {
    expect(right.find('sometimes.0')).toEqual({ kind: 'found', way: [sends] })
    expect(right.find('broken.one-answer')).toEqual({ kind: 'nowhere', states: 4 })
    expect(right.find('broken.answered')).toEqual({ kind: 'nowhere', states: 4 })
    const found = (broken: Parameters<typeof pingModel>[0], goal: string) =>
      explorerOf(pingModel(broken)).find(goal)
    expect(found('twice', 'broken.one-answer')).toEqual({ kind: 'found', way: [sends, 0, 0] })
    expect(found('lost', 'broken.no-deadlock')).toEqual({ kind: 'found', way: [sends, 1] })
    expect(found('circles', 'broken.answered')).toMatchObject({ kind: 'found', way: [sends, 0, 0] })
    expect(right.goals.map(({ id }) => right.find(id).kind)).not.toContain('unknown')
    expect(right.find('sometimes.9')).toEqual({ kind: 'unknown' })
    expect(right.find('broken.nothing')).toEqual({ kind: 'unknown' })
  })

  it('looks for all properties that share an id', () => {
    const model = pingModel()
    const [first] = model.always ?? []
    if (first === undefined) throw new Error('the model has a property')
    const explorer = explorerOf({
      ...model,
      always: [first, { ...first, says: 'nobody leaves', holds: ({ client }) => client !== 'gone' }]
    })
    expect(explorer.find('broken.one-answer')).toEqual({ kind: 'found', way: [leaves] })
    expect(explorer.goals.filter(({ id }) => id === 'broken.one-answer')).toEqual([
      { id: 'broken.one-answer', says: 'a ping has one answer; nobody leaves' }
    ])
  })

  it('says so when it has not seen everything', () => {
    expect(explorerOf(pingModel(), 1).find('broken.one-answer').kind).toBe('tooFar')
  })
})

describe('the drawing', () => {
  it('has a line for each part, an arrow for each step, and escaped texts', () => {
    const story = explorerOf(pingModel()).story([1, 0])
    if (story === undefined) throw new Error('the way exists')
    const svg = sequenceSvg({ ...story, initial: { client: '<idle> & "well"' } })
    expect(svg.match(/class="life"/g)).toHaveLength(3)
    expect(svg.match(/class="step( environment)?"/g)).toHaveLength(2)
    expect(svg).toContain('&lt;idle&gt; &amp; &quot;well&quot;')
    expect(svg).toContain('>1. sends a ping; #1</text>')
    expect(svg).not.toContain('NaN')
  })
})

describe('the server', () => {
  let server: Server
  let port = 0
  beforeAll(async () => {
    server = explorerServer(explorerOf(pingModel('lost')))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  })
  afterAll(() => {
    server.close()
    server.closeAllConnections()
  })
  const ask = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`)
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  }
  const at = async (path: string): Promise<AtAnswer> => JSON.parse((await ask(`/api/at?path=${path}`)).text)

  it('answers with the state at a path, and the path of each step on', async () => {
    const first = await at('')
    expect(first).toMatchObject({ model: 'ping', path: '', steps: [] })
    expect(first.next.map(({ path }) => path)).toEqual(['0', '1'])
    const later = await at('1.1')
    expect(later.steps.map(({ path, says }) => [path, says])).toEqual([
      ['1', 'sends a ping; #1'],
      ['1.1', 'loses the ping']
    ])
    expect(later).toMatchObject({ rest: 'deadlock', next: [] })
    expect(later.drawing).toMatch(/^<svg .*<\/svg>$/)
  })

  it('gives the way to a goal as a path that can be opened', async () => {
    const { text } = await ask('/api/way?to=broken.no-deadlock')
    expect(JSON.parse(text)).toEqual({ kind: 'found', path: '1.1' })
    expect((await ask('/api/way?to=nothing')).status).toBe(404)
  })

  it.each(['1.7', '9', '1..1', 'x', '-1', '1.1.1'])('refuses the path %s with a sentence', async path => {
    const { status, text } = await ask(`/api/at?path=${path}`)
    expect(status).toBe(404)
    expect(JSON.parse(text).error).toContain(path)
  })

  it('serves one page that names no other host', async () => {
    const { status, text, headers } = await ask('/')
    expect(status).toBe(200)
    expect(text).toContain('<title>ping – explorer</title>')
    expect(text).not.toMatch(/https?:\/\/|<script src|<link rel="stylesheet"|@import/)
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect((await ask('/elsewhere')).status).toBe(404)
  })

  it('answers only who names this machine', async () => {
    const status = await new Promise(resolve => {
      request({ port, host: '127.0.0.1', headers: { host: 'example.org' } }, answer => {
        answer.resume()
        resolve(answer.statusCode)
      }).end()
    })
    expect(status).toBe(403)
    expect((await fetch(`http://127.0.0.1:${port}/`, { method: 'POST' })).status).toBe(405)
  })
})

describe('the page', () => {
  const page = explorerPage('ping')

  it('has every element that its script asks for, with names for all that can be used', () => {
    const [, script = ''] = /<script>(.*)<\/script>/s.exec(page) ?? []
    const wanted = [...script.matchAll(/(?:byId|fill)\('(\w+)'/g)].map(([, id = '']) => id)
    expect(new Set(wanted).size).toBeGreaterThan(8)
    for (const id of wanted) expect(page).toContain(`id="${id}"`)
    for (const [element] of page.matchAll(/<(?:select|section)[^>]*>/g))
      expect(element).toMatch(/aria-label(?:ledby)?="|^<section>$/)
    expect(() => new Function(script)).not.toThrow()
  })

  it('keeps a path in the address as numbers with dots', () => {
    expect(parsePath('1.0.3')).toEqual([1, 0, 3])
    expect(parsePath('')).toEqual([])
    expect(parsePath('1.')).toBeUndefined()
  })
})
