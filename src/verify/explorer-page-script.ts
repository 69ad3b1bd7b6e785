// What the explorer's page does, as the text of its script: shows what /api/at answers for the path in the address bar. Text
// reaches the page as text, never as markup; only the drawing comes as SVG, made and escaped by sequence-drawing.ts.

export const explorerScript = `
'use strict'
const byId = id => document.getElementById(id)
const pathOfAddress = () => decodeURIComponent(location.hash.slice(1))
let here
/** Answers that come late, for a place that was left, are not shown. */
let asked = 0

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children)
  return made
}
const fill = (id, children) => byId(id).replaceChildren(...children)
const capital = text => text.charAt(0).toUpperCase() + text.slice(1)
const sentence = step => capital(step.from) + ' ' + step.says
const changed = ({ part, before, after }) => part + ': ' + (before || 'nothing') + ' → ' + (after || 'nothing')
const go = path => { location.hash = path === '' ? '#' : '#' + path }

function stepButton(step, number, details) {
  const button = element('button', { type: 'button', className: step.by === 'environment' ? 'environment' : '' })
  const whom = step.to === step.from || step.says.includes(step.to) ? '' : ' → ' + step.to
  button.append(number + '. ' + sentence(step) + whom)
  for (const detail of details) button.append(element('small', {}, detail))
  button.addEventListener('click', () => go(step.path))
  return button
}

function showSteps() {
  const first = element('button', { type: 'button' }, 'The first state')
  first.addEventListener('click', () => go(''))
  const buttons = [first, ...here.steps.map((step, index) => stepButton(step, index + 1, []))]
  buttons.at(-1).setAttribute('aria-current', 'step')
  fill('steps', buttons.map(button => element('li', {}, button)))
  buttons.at(-1).scrollIntoView({ block: 'nearest' })
  byId('back').disabled = here.steps.length === 0
  byId('start').disabled = here.steps.length === 0
}

const rests = {
  goesOn: '',
  mayRest: 'All is over here, and may be.',
  deadlock: 'Deadlock: nothing can happen any more, and it should.'
}

function showNext(hadFocus) {
  const buttons = here.next.map((step, index) =>
    stepButton(step, index + 1, step.changes.length === 0 ? ['changes nothing'] : step.changes.map(changed)))
  fill('next', buttons.map(button => element('li', {}, button)))
  const rest = byId('rest')
  rest.textContent = here.exception === undefined ? rests[here.rest] : 'The model throws: ' + here.exception
  rest.className = here.rest === 'deadlock' || here.exception !== undefined ? 'broken' : ''
  if (hadFocus) (buttons[0] ?? byId('back')).focus()
}

function showState() {
  const before = new Map(here.changed.map(each => [each.part, each.before]))
  const rows = Object.entries(here.state).map(([part, text]) => {
    const cell = element('td', {}, text)
    if (before.has(part)) cell.append(element('small', {}, 'was: ' + (before.get(part) || 'nothing')))
    const row = element('tr', { className: before.has(part) ? 'changed' : '' })
    row.append(element('th', { scope: 'row' }, part), cell)
    return row
  })
  fill('state', rows)
}

const words = { holds: 'holds', broken: 'does not hold', owed: 'still owed', idle: 'not asked' }

function showProperties() {
  const line = (status, word, text) =>
    element('li', {}, element('span', { className: 'status ' + status }, word), element('span', {}, text))
  fill('properties', here.properties.map(({ id, says, status }) => line(status, words[status], id + ': ' + says)))
  fill('sometimes', here.sometimes.map(({ says, holds }) => line(holds ? 'holds' : 'idle', holds ? 'is here' : 'not here', says)))
}

function showGoals() {
  if (byId('goal').length > 0) return
  const option = ({ id, says }) => {
    const broken = id.startsWith('broken.') ? id.slice(7) + ' broken: ' : ''
    return element('option', { value: id }, broken + says)
  }
  fill('goal', here.goals.map(option))
}

async function show() {
  const ticket = ++asked
  const hadFocus = byId('next').contains(document.activeElement)
  const answer = await fetch('/api/at?path=' + encodeURIComponent(pathOfAddress()))
  const body = await answer.json()
  if (ticket !== asked) return
  if (!answer.ok) {
    byId('rest').textContent = body.error
    byId('rest').className = 'broken'
    if (here === undefined && pathOfAddress() !== '') byId('start').disabled = false
    return
  }
  here = body
  byId('about').textContent = here.about
  showSteps()
  showNext(hadFocus)
  showState()
  showProperties()
  showGoals()
  byId('drawing').innerHTML = here.drawing
}

async function find() {
  const found = byId('found')
  found.textContent = 'Looking …'
  byId('find').disabled = true
  try {
    const answer = await (await fetch('/api/way?to=' + encodeURIComponent(byId('goal').value))).json()
    if (answer.kind === 'found') {
      found.textContent = 'Found.'
      go(answer.path)
    } else if (answer.kind === 'nowhere') found.textContent = 'Nowhere among all ' + answer.states + ' states.'
    else found.textContent = 'Not within ' + answer.states + ' states.'
  } catch (error) {
    found.textContent = String(error)
  } finally {
    byId('find').disabled = false
  }
}

const back = () => go((here?.path ?? '').split('.').slice(0, -1).join('.'))
byId('back').addEventListener('click', back)
byId('start').addEventListener('click', () => go(''))
byId('find').addEventListener('click', find)
addEventListener('hashchange', show)
addEventListener('keydown', event => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest('select')) return
  if (event.key === 'Backspace') back()
  else if (/^[1-9]$/.test(event.key)) byId('next').querySelectorAll('button')[Number(event.key) - 1]?.click()
})
show()
`
