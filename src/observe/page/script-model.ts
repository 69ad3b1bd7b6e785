// The part of the page's script that plays a way through a model, or a recording, on the floor plan, as text.

export const modelScript = `
/** { machines, ways } once they are known. */
let modelLists
/** What is played: { id, story, at }. */
let played
let playTimer
const drawnCharts = new Map()

async function chartsFor(machine, state) {
  const key = machine + ' ' + state
  if (!drawnCharts.has(key)) {
    if (drawnCharts.size > 200) drawnCharts.clear()
    const answer = await ask('/api/machine', { id: machine, state })
    if (answer.error !== undefined) return answer
    drawnCharts.set(key, answer)
  }
  return drawnCharts.get(key)
}

function drawInto(panel, answer, name) {
  const mark = name + ' ' + (answer.error ?? answer.id + ' ' + answer.state)
  if (panel.dataset.shown === mark) return
  panel.dataset.shown = mark
  if (answer.error !== undefined) return setText(panel, answer.error)
  panel.setAttribute('aria-label', 'Statechart of ' + name)
  panel.innerHTML = answer.charts.map(({ svg }) => svg).join('')
  if (answer.state !== '') intoSight(panel)
}

function makePart() {
  return element('li', { className: 'card' }, element('h4', {}), element('span', { className: 'said' }), element('span', { className: 'word' }),
    element('div', { className: 'queue' }, element('span', { className: 'bar', aria: { 'aria-hidden': 'true' } }), element('span', { className: 'depth' })))
}

function updatePart(made, part) {
  const [name, said, word, queue] = made.children
  made.className = 'card ' + part.lit.replace('is ', '')
  setText(name, part.name)
  setText(said, part.state || 'nothing')
  setText(word, part.lit)
  queue.hidden = part.queue === undefined
  if (part.queue === undefined) return
  const { depth, capacity } = part.queue
  queue.firstElementChild.style.setProperty('--share', Math.min(1, capacity === undefined ? depth / 10 : depth / Math.max(1, capacity)))
  setText(queue.lastElementChild, capacity === undefined ? depth + ' queued' : depth + '/' + capacity)
}

function showStory() {
  const { story, at } = played ?? {}
  byId('player').hidden = story === undefined
  if (story === undefined) return
  const slider = byId('way-at')
  slider.max = story.steps.length
  slider.value = at
  const step = story.steps[at - 1]
  const place = 'Step ' + at + ' of ' + story.steps.length
  const said = step === undefined ? 'The beginning.' : place + (step.atMs === undefined ? '' : ', ' + time(step.atMs)) + ': ' + step.says
  slider.setAttribute('aria-valuetext', said)
  setText(byId('way-title'), story.title)
  setText(byId('way-step'), said)
  byId('way-first').disabled = byId('way-before').disabled = at === 0
  byId('way-next').disabled = byId('way-last').disabled = at === story.steps.length
  keyed(byId('way-stations'), stationsAt(story, at), station => station.title,
    station => element('section', { className: 'station', aria: { 'aria-label': station.title } }, element('h3', {}, station.title), element('ul', {}), element('p', { className: 'more' })),
    (section, station) => {
      keyed(section.children[1], station.parts, part => part.id, makePart, updatePart)
      setText(section.children[2], station.more)
    })
  const first = Math.max(0, Math.min(at - 6, story.steps.length - 12))
  keyed(byId('way-steps'), story.steps.slice(first, first + 12).map((step, index) => ({ ...step, number: first + index + 1 })), ({ number }) => number,
    ({ number }) => {
      const made = element('li', { value: number }, element('button', { type: 'button' }))
      made.firstChild.addEventListener('click', () => goTo(Number(made.dataset.key)))
      return made
    },
    (made, { number, says }) => {
      made.value = number
      setText(made.firstChild, says + (number - 1 === story.cycleFrom ? ' (from here on again and again)' : ''))
      number === at ? made.firstChild.setAttribute('aria-current', 'step') : made.firstChild.removeAttribute('aria-current')
    })
  showActing(story, at)
}

async function showActing(story, at) {
  const panel = byId('way-chart')
  for (const { machine, state, name } of chartsAt(story, at)) {
    const answer = await chartsFor(machine, state)
    if (played?.story !== story || played.at !== at) return
    // Words that are no state of the machine: a part of the model that is something else, or several at once.
    if (answer.state !== state) continue
    panel.hidden = false
    return drawInto(panel, answer, name)
  }
  panel.hidden = true
}

function goTo(at) {
  if (played === undefined) return
  played.at = Math.min(played.story.steps.length, Math.max(0, at))
  showStory()
}

const isPlaying = () => playTimer !== undefined
function stopPlaying() {
  clearInterval(playTimer)
  playTimer = undefined
  setText(byId('way-play'), 'Play')
  byId('way-play').setAttribute('aria-pressed', false)
}
function startPlaying() {
  if (played === undefined) return
  if (afterStep(played.story, played.at) === undefined) goTo(0)
  setText(byId('way-play'), 'Stop')
  byId('way-play').setAttribute('aria-pressed', true)
  playTimer = setInterval(() => {
    const next = byId('model').hidden || document.hidden ? undefined : afterStep(played.story, played.at)
    next === undefined ? stopPlaying() : goTo(next)
  }, Number(byId('way-pace').value))
}

/** A story that is not in the address, since no other page could show it. */
function play(id, way) {
  stopPlaying()
  try {
    played = { id, story: storyOf(way), at: 0 }
    setText(byId('way-trouble'), '')
  } catch (reason) {
    played = undefined
    setText(byId('way-trouble'), String(reason))
  }
  showStory()
}

function optionsOf(select, values) {
  if (select.options.length > 1) return
  select.append(...values.map(value => element('option', { value }, value)))
}

views.model = {
  async load(query) {
    if (modelLists === undefined) {
      const [machines, ways] = await Promise.all([ask('/api/machines'), ask('/api/ways')])
      modelLists = { machines: machines.machines, ways: ways.ways }
    }
    const [way, machine] = [query.get('way') ?? '', query.get('machine') ?? '']
    const answer = way === '' || way === played?.id ? undefined : await ask('/api/way', { id: way })
    return { way, answer, machine, charts: machine === '' ? undefined : await chartsFor(machine, '') }
  },
  show({ way, answer, machine, charts }, query) {
    optionsOf(byId('way'), modelLists.ways)
    optionsOf(byId('machine'), modelLists.machines)
    byId('way').value = way
    byId('machine').value = machine
    if (answer !== undefined) answer.error === undefined ? play(way, answer) : setText(byId('way-trouble'), answer.error)
    byId('machine-chart').hidden = charts === undefined
    if (charts !== undefined) drawInto(byId('machine-chart'), charts, machine)
  }
}

byId('way-file').addEventListener('change', async event => {
  const [file] = event.target.files
  if (file === undefined) return
  refine({ way: '' })
  let way
  try {
    way = JSON.parse(await file.text())
  } catch {
    // Then it is none.
  }
  play(file.name, way)
})
byId('way-recorded').addEventListener('click', async () => {
  const { recording } = await ask('/api/recording')
  const way = await ask('/api/steps', { recording, q: byId('way-words').value })
  refine({ way: '' })
  play('recording ' + recording, way)
  goTo(way.steps?.length ?? 0)
})
byId('way-play').addEventListener('click', () => isPlaying() ? stopPlaying() : startPlaying())
byId('way-pace').addEventListener('input', () => {
  if (!isPlaying()) return
  stopPlaying()
  startPlaying()
})
const moves = { 'way-first': () => 0, 'way-before': () => played.at - 1, 'way-next': () => played.at + 1, 'way-last': () => played.story.steps.length }
for (const [id, to] of Object.entries(moves)) byId(id).addEventListener('click', () => goTo(to()))
byId('way-at').addEventListener('input', event => goTo(Number(event.target.value)))
addEventListener('keydown', event => {
  if (byId('model').hidden || played === undefined || event.ctrlKey || event.altKey || event.metaKey) return
  if (event.target.closest('input, select, textarea') || (event.key === ' ' && event.target.closest('button, a, summary'))) return
  const to = { ArrowLeft: 'way-before', ArrowRight: 'way-next', Home: 'way-first', End: 'way-last', ' ': 'way-play' }[event.key]
  if (to === undefined) return
  event.preventDefault()
  byId(to).click()
})
`
