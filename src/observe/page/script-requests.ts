// The part of the page's script that shows requests and the way of an offset to the disk, as text.
import { spanLabels } from './requests-view.js'

export const requestsScript = `
const spanLabels = ${JSON.stringify(spanLabels)}
byId('legend').append(...Object.entries(spanLabels).map(([name, label]) => element('li', {}, element('i', { className: 'span ' + name }), label)))

function waterfall(cell, row, scaleMs) {
  let bars = cell.firstElementChild
  if (bars?.className !== 'waterfall') cell.replaceChildren(bars = element('div', { className: 'waterfall', aria: { role: 'img' } }))
  drawBars(bars, row.bars, scaleMs)
}

function drawBars(place, bars, scaleMs) {
  place.setAttribute('aria-label', bars.map(bar => bar.label).join(', ') || 'no time at all')
  keyed(place, bars, bar => bar.name, bar => element('i', { className: 'span ' + bar.name }), (made, bar) => {
    made.style.left = 100 * bar.startMs / scaleMs + '%'
    made.style.width = 'max(1px, ' + 100 * bar.ms / scaleMs + '%)'
    made.title = bar.label
  })
}

let scaleMs = 1
const requestRows = rowsOf('requests', [['Received', '6.5rem'], ['API', '6rem'], ['Client', '7rem'], ['Topic', '7rem'], ['In all', '4.5rem'], ['Stages, and why', '1fr']], 76,
  (made, row) => {
    const [at, api, client, topic, total, stages] = made.children
    setText(at, time(row.receivedAtMs))
    const query = address().query
    query.set('id', row.id)
    const isChosen = address().query.get('id') === row.id
    made.classList.toggle('chosen', isChosen)
    linkIn(api, row.api, '#requests?' + query)
    setText(client, row.client)
    setText(topic, row.topic)
    setText(total, lasting(row.totalMs) + (row.error === undefined ? '' : ' ' + row.error))
    if (stages.children.length !== 2) stages.replaceChildren(element('div', {}), element('small', {}))
    waterfall(stages.firstElementChild, row, scaleMs)
    setText(stages.lastElementChild, row.sentence)
    stages.lastElementChild.title = row.sentence
  })

function showRunning(running, total) {
  const shown = running
  const place = byId('running')
  if (place.children.length === 0) place.append(element('h3', {}, ''), element('ul', {}))
  setText(place.firstElementChild, whole(total) + ' not answered for 1 s and more; the longest:')
  place.hidden = shown.length === 0
  keyed(place.lastElementChild, shown, each => each.connectionId, () => element('li', {}), (line, each) =>
    setText(line, each.api + ' of ' + each.client + ' for ' + lasting(each.sinceMs) + ': ' + each.where))
}

function table(caption, head, rows) {
  const cells = (row, name) => row.map((text, index) => element(index === 0 ? 'th' : name, index === 0 ? { scope: name === 'th' ? 'col' : 'row' } : {}, text))
  return element('table', {}, element('caption', {}, caption), element('thead', {}, element('tr', {}, ...cells(head, 'th'))),
    element('tbody', {}, ...rows.map(row => element('tr', {}, ...cells(row, 'td')))))
}

function showRequest(answer) {
  const panel = byId('request')
  panel.hidden = answer === undefined
  if (answer === undefined) return void (panel.dataset.shown = '')
  if (answer.error !== undefined) return panel.replaceChildren(element('p', {}, answer.error))
  const { row, record } = answer
  const close = element('button', { type: 'button', id: 'close-request' }, 'Close')
  close.addEventListener('click', () => refine({ id: '' }))
  const facts = [['client', record.clientId ?? 'none'], ['connection', record.connectionId], ['listener', record.listener],
    ['Processor', String(record.processor)], ['version', String(record.apiVersion)], ['request', sized(record.requestBytes)], ['answer', sized(record.responseBytes)]]
  if (record.topic !== undefined) facts.push(['topic', row.topic])
  if (record.baseOffset !== undefined) facts.push(['offsets', record.baseOffset + ' to ' + (record.lastOffset ?? '?')])
  if (record.error !== undefined) facts.push(['error', record.error])
  const isNew = panel.dataset.shown !== record.id
  panel.dataset.shown = record.id
  const hadFocus = panel.contains(document.activeElement)
  panel.replaceChildren(close, element('h3', {}, row.api + ' ' + record.id + ', ' + lasting(row.totalMs)), element('p', { className: 'sentence' }, row.sentence),
    element('div', { className: 'tables' },
      table('Stages', ['stage', 'after it was received'], Object.entries(record.stages).map(([name, ms]) => [name, lasting(ms)])),
      table('Where the time went', ['part', 'for'], Object.entries(record.spans).map(([name, ms]) => [spanLabels[name], lasting(ms)])),
      table('The request', ['what', 'is'], facts)))
  if (record.topic !== undefined && record.baseOffset !== undefined)
    panel.append(element('p', {}, element('a', { href: '#disk?' + new URLSearchParams({ topic: record.topic, partition: record.partition ?? 0, offset: record.baseOffset }) }, 'Its way to the disk')))
  if (hadFocus) close.focus()
  if (isNew) panel.scrollIntoView({ block: 'nearest' })
}

let shownRequest
views.requests = {
  async load(query) {
    const id = query.get('id')
    const wanted = { ...Object.fromEntries(query), ...requestRows.query() }
    const [list, one] = await Promise.all([ask('/api/requests', wanted), id === null || id === shownRequest ? undefined : ask('/api/request', { id })])
    return { list, one, id }
  },
  show({ list, one, id }, query) {
    scaleMs = Math.max(1, ...list.rows.map(row => row.totalMs))
    keyed(byId('request-api'), ['', ...list.apis], api => api, api => element('option', { value: api }, api || 'all'), () => {})
    byId('request-api').value = query.get('api') ?? ''
    showRunning(list.running, list.runningTotal)
    requestRows.show(list, 'requests; the whole width is ' + lasting(scaleMs))
    if (id === null) showRequest(undefined)
    else if (one !== undefined) showRequest(one)
    shownRequest = id ?? undefined
  }
}

/** What a person came for, in one sentence. */
function headline({ atMs, append, flush, syncedAtMs, remark = '' }) {
  if (append === undefined || (syncedAtMs === undefined && !remark.endsWith('yet'))) return capital(remark) + '.'
  if (syncedAtMs === undefined) return capital(remark) + ', ' + lasting(atMs - append.appendedAtMs) + ' after it was appended.'
  const began = flush.startedAtMs - append.appendedAtMs
  return 'On the disk ' + lasting(syncedAtMs - append.appendedAtMs) + ' after the append: ' +
    (began < 0 ? 'a flush was running already' : lasting(began) + ' until a flush began') + ' (' + flush.cause + '), ' + lasting(flush.ms) + ' for the flush.'
}
const capital = text => text.slice(0, 1).toUpperCase() + text.slice(1)

/** Parts of the way that took time: { name, label, startMs, ms }. */
function wayBars({ append, flush, syncedAtMs }) {
  if (append === undefined || syncedAtMs === undefined) return []
  const received = append.receivedAtMs ?? append.appendedAtMs
  const begun = Math.max(flush.startedAtMs, append.appendedAtMs)
  return [['toAppend', 'until it was appended', received, append.appendedAtMs], ['toFlush', 'until a flush began', append.appendedAtMs, begun], ['flush', 'flush', begun, syncedAtMs]]
    .map(([name, label, from, to]) => ({ name, label: label + ' ' + lasting(to - from), startMs: from - received, ms: to - from }))
    .filter(({ ms }) => ms > 0)
}

function historyLines(history) {
  const { append, flush, syncedAtMs, request } = history
  const lines = [history.topic + '-' + history.partition + ', offset ' + whole(history.offset)]
  const received = append?.receivedAtMs
  if (received !== undefined) lines.push(time(received) + ' received')
  if (append !== undefined) lines.push(time(append.appendedAtMs) + ' appended with offsets ' + append.baseOffset + ' to ' + append.lastOffset +
    (received === undefined ? '; its request is not remembered' : ', ' + lasting(append.appendedAtMs - received) + ' after it was received'))
  if (flush !== undefined) lines.push(time(flush.startedAtMs) + ' a flush began (' + flush.cause + '), which took ' + lasting(flush.ms) +
    (append === undefined ? '' : '; it began ' + lasting(flush.startedAtMs - append.appendedAtMs) + ' after the append'))
  if (syncedAtMs !== undefined) lines.push(time(syncedAtMs) + ' on the disk' + (append === undefined ? '' : ', ' + lasting(syncedAtMs - append.appendedAtMs) + ' after the append'))
  if (request !== undefined) lines.push('Its request took ' + lasting(request.totalMs) + ' in all')
  return lines
}

byId('disk-form').addEventListener('submit', event => {
  event.preventDefault()
  const fields = Object.fromEntries(new FormData(event.target))
  if (fields.time !== '') fields.time = String(Date.parse(fields.time))
  go('disk', new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== '' && value !== 'NaN')))
})
views.disk = {
  async load(query) {
    if (query.has('topic')) return ask('/api/offset', query)
    return { topics: (await ask('/api/topics', { count: 200 })).rows ?? [] }
  },
  show(history, query) {
    for (const name of ['topic', 'partition', 'offset']) {
      const field = byId('disk-' + name)
      if (query.has(name) && field !== document.activeElement && byId('history').dataset.query !== query.toString()) field.value = query.get(name)
    }
    byId('history').dataset.query = query.toString()
    if (history.topics !== undefined) keyed(byId('topic-names'), history.topics, topic => topic.name, topic => element('option', { value: topic.name }), () => {})
    const told = history.topics !== undefined ? { says: 'A topic, a partition, and an offset or a time: when was it received, appended, on the disk?' }
      : history.error !== undefined ? { says: capital(history.error.trim()) + '.' } : { says: headline(history), lines: historyLines(history), bars: wayBars(history) }
    setText(byId('headline'), told.says)
    const way = byId('disk-way')
    way.hidden = (told.bars ?? []).length === 0
    byId('disk-way-legend').hidden = way.hidden
    keyed(byId('disk-way-legend'), told.bars ?? [], bar => bar.name, bar => element('li', {}, element('i', { className: bar.name }), element('span', {})), (made, bar) => setText(made.lastElementChild, bar.label))
    if (!way.hidden) drawBars(way, told.bars, Math.max(...told.bars.map(bar => bar.startMs + bar.ms)))
    keyed(byId('history'), told.lines ?? [], line => line, () => element('p', {}), (made, line) => setText(made, line))
  }
}
`
