// The part of the page's script that shows actors, their statecharts and the recorded window, as text.

export const actorsScript = `
/** The recording that is looked at: { recording, fromMs, toMs }. */
let recorded
const momentOf = query => query.has('recording') ? { recording: query.get('recording'), at: query.get('at') } : {}
const actorOf = query => query.has('name') ? { thread: query.get('thread'), name: query.get('name'), ...(query.has('number') ? { number: query.get('number') } : {}) } : undefined

const actorRows = rowsOf('actors', [['Actor', '2.1fr'], ['State', '1fr']], 30, (made, row) => {
  const [name, state] = made.children
  made.className = 'row ' + row.kind
  if (row.kind !== 'actor') {
    setText(name, row.label + ' (' + row.count + ')')
    setText(state, '')
    return
  }
  const query = address().query
  for (const key of ['thread', 'name', 'number']) query.set(key, row[key])
  const chosen = address().query
  const isChosen = chosen.get('name') === row.name && Number(chosen.get('thread')) === row.thread
  made.classList.toggle('chosen', isChosen)
  linkIn(name, row.name, '#actors?' + query).title = row.name
  setText(state, row.state)
})

function showActor(actor) {
  const panel = byId('actor')
  if (actor === undefined || actor.error !== undefined) {
    setText(panel, actor?.error ?? 'Choose an actor to see its statechart.')
    panel.dataset.shown = ''
    return
  }
  const last = actor.transitions.at(-1)
  const mark = [actor.thread, actor.name, actor.number, actor.state, last?.atMs, actor.transitions.length].join(' ')
  if (panel.dataset.shown === mark) return
  const chart = panel.querySelector('.charts')
  const place = chart === null ? undefined : [chart.scrollLeft, chart.scrollTop]
  panel.dataset.shown = mark
  const charts = element('div', { className: 'charts', tabIndex: 0, aria: { role: 'region', 'aria-label': 'Statechart of ' + actor.name } })
  charts.innerHTML = actor.charts.map(({ svg }) => svg).join('')
  const ways = actor.ways.map(way => element('li', {}, way.event + (way.guard === undefined ? '' : ' if ' + way.guard) + ' → ' + way.to))
  const steps = actor.transitions.toReversed().map(step => [time(step.atMs), step.event, (step.from || 'nothing') + ' → ' + step.to, step.actions.join(', '), step.data ?? ''])
  panel.replaceChildren(
    element('h3', {}, actor.name), element('p', { className: 'sentence' }, 'Machine ' + actor.machine + ' on thread ' + actor.thread + '; it is ' + (actor.state || 'not begun') + '.'),
    charts,
    element('details', {}, element('summary', {}, 'What may happen in this state (' + ways.length + ')'), element('ul', {}, ...ways)),
    steps.length === 0 ? element('p', {}, 'No step of it is recorded; odradek.trace=all records those of connections and requests.')
      : table('Last steps, newest first', ['at', 'event', 'from → to', 'actions', 'with'], steps))
  if (place !== undefined && panel.dataset.actor === actor.thread + actor.name) charts.scrollTo(...place)
  else intoSight(charts)
  panel.dataset.actor = actor.thread + actor.name
}

/** The current state in the middle. */
function intoSight(charts) {
  const current = charts.querySelector('.current') ?? charts.querySelector('.holds')
  if (current === null) return
  const [inside, outside] = [current.getBoundingClientRect(), charts.getBoundingClientRect()]
  charts.scrollTo(inside.left - outside.left - (outside.width - inside.width) / 2, Math.max(0, inside.top - outside.top - 100))
}

function showMoment(query, actor) {
  const isLive = !query.has('recording')
  for (const id of ['live', 'moment']) byId(id).disabled = isLive
  byId('earlier').disabled = isLive
  byId('later').disabled = isLive
  const at = Number(query.get('at'))
  const slider = byId('moment')
  if (isLive) return setText(byId('moment-said'), 'now')
  if (recorded !== undefined) {
    slider.max = Math.max(1, recorded.toMs - recorded.fromMs)
    if (slider !== document.activeElement) slider.value = at - recorded.fromMs
  }
  const said = time(at) + (recorded === undefined ? '' : ', ' + lasting(recorded.toMs - at) + ' before the end of the recording')
  slider.setAttribute('aria-valuetext', said)
  setText(byId('moment-said'), said)
  byId('earlier').dataset.at = actor?.before ?? ''
  byId('later').dataset.at = actor?.after ?? ''
}

views.actors = {
  async load(query) {
    const moment = momentOf(query)
    const chosen = actorOf(query)
    const [list, actor] = await Promise.all([
      ask('/api/actors', { ...moment, ...actorRows.query(), q: query.get('q') ?? '' }),
      chosen === undefined ? undefined : ask('/api/actor', { ...moment, ...chosen })])
    return { list, actor }
  },
  show({ list, actor }, query) {
    actorRows.show(list, 'lines: threads, machines, actors')
    showActor(actor)
    showMoment(query, actor)
  }
}

byId('record').addEventListener('click', async () => {
  recorded = await ask('/api/recording')
  refine({ recording: recorded.recording, at: recorded.toMs })
})
byId('live').addEventListener('click', () => refine({ recording: '', at: '' }))
byId('moment').addEventListener('input', event => {
  if (recorded !== undefined) refine({ at: recorded.fromMs + Number(event.target.value) })
})
for (const id of ['earlier', 'later']) byId(id).addEventListener('click', event => {
  const at = event.currentTarget.dataset.at
  if (at) refine({ at })
})
`
