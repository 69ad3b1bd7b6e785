// The part of the page's script that shows requests and the way of an offset to the disk, as text.
import { spanLabels } from './requests-view.js'

export const requestsScript = `
const spanLabels = ${JSON.stringify(spanLabels)}
byId('legend').append(...Object.entries(spanLabels).map(([name, label]) => element('li', {}, element('i', { className: 'span ' + name }), label)))

function waterfall(cell, row, scaleMs) {
  let bars = cell.firstElementChild
  if (bars?.className !== 'waterfall') cell.replaceChildren(bars = element('div', { className: 'waterfall', aria: { role: 'img' } }))
  bars.setAttribute('aria-label', row.bars.map(bar => bar.label).join(', ') || 'no time at all')
  keyed(bars, row.bars, bar => bar.name, bar => element('i', { className: 'span ' + bar.name }), (made, bar) => {
    made.style.left = 100 * bar.startMs / scaleMs + '%'
    made.style.width = 'max(1px, ' + 100 * bar.ms / scaleMs + '%)'
    made.title = bar.label
  })
}

let scaleMs = 1
const requestRows = rowsOf('requests', [['Received', '7rem'], ['API', '8rem'], ['Client', '9rem'], ['Topic', '9rem'], ['In all', '5rem'], ['Stages, and why', '1fr']], 58,
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
  if (answer === undefined) return
  if (answer.error !== undefined) return panel.replaceChildren(element('p', {}, answer.error))
  const { row, record } = answer
  const close = element('button', { type: 'button', id: 'close-request' }, 'Close')
  close.addEventListener('click', () => refine({ id: '' }))
  const facts = [['client', record.clientId ?? 'none'], ['connection', record.connectionId], ['listener', record.listener],
    ['Processor', String(record.processor)], ['version', String(record.apiVersion)], ['request', sized(record.requestBytes)], ['answer', sized(record.responseBytes)]]
  if (record.topic !== undefined) facts.push(['topic', row.topic])
  if (record.baseOffset !== undefined) facts.push(['offsets', record.baseOffset + ' to ' + (record.lastOffset ?? '?')])
  if (record.error !== undefined) facts.push(['error', record.error])
  const hadFocus = panel.contains(document.activeElement)
  panel.replaceChildren(close, element('h3', {}, row.api + ' ' + record.id + ', ' + lasting(row.totalMs)), element('p', { className: 'sentence' }, row.sentence),
    element('div', { className: 'tables' },
      table('Stages', ['stage', 'after it was received'], Object.entries(record.stages).map(([name, ms]) => [name, lasting(ms)])),
      table('Where the time went', ['part', 'for'], Object.entries(record.spans).map(([name, ms]) => [spanLabels[name], lasting(ms)])),
      table('The request', ['what', 'is'], facts)))
  if (record.topic !== undefined && record.baseOffset !== undefined)
    panel.append(element('p', {}, element('a', { href: '#disk?' + new URLSearchParams({ topic: record.topic, partition: record.partition ?? 0, offset: record.baseOffset }) }, 'Its way to the disk')))
  if (hadFocus) close.focus()
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

function historyLines(history) {
  const { append, flush, syncedAtMs, request } = history
  const lines = [history.topic + '-' + history.partition + ', offset ' + whole(history.offset)]
  const received = append?.receivedAtMs
  if (received !== undefined) lines.push(time(received) + ' received')
  if (append !== undefined) lines.push(time(append.appendedAtMs) + ' appended with offsets ' + append.baseOffset + ' to ' + append.lastOffset +
    (received === undefined ? '' : ', ' + lasting(append.appendedAtMs - received) + ' after it was received'))
  if (flush !== undefined) lines.push(time(flush.startedAtMs) + ' a flush began (' + flush.cause + '), which took ' + lasting(flush.ms) +
    (append === undefined ? '' : '; it began ' + lasting(flush.startedAtMs - append.appendedAtMs) + ' after the append'))
  if (syncedAtMs !== undefined) lines.push(time(syncedAtMs) + ' on the disk' + (append === undefined ? '' : ', ' + lasting(syncedAtMs - append.appendedAtMs) + ' after the append'))
  if (history.remark !== undefined) lines.push(history.remark)
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
  load: async query => query.has('topic') ? ask('/api/offset', query) : undefined,
  show(history, query) {
    for (const name of ['topic', 'partition', 'offset']) {
      const field = byId('disk-' + name)
      if (query.has(name) && field !== document.activeElement && byId('history').dataset.query !== query.toString()) field.value = query.get(name)
    }
    byId('history').dataset.query = query.toString()
    const lines = history === undefined ? ['A topic, a partition, and an offset or a time: when was it received, appended, on the disk?'] : history.error !== undefined ? [history.error] : historyLines(history)
    keyed(byId('history'), lines, line => line, () => element('p', {}), (made, line) => setText(made, line))
  }
}
`
