// The frame of the page's script, as text: the address, asking once a second, and lists of which only the rows in sight are in
// the document. Text reaches the page as text, never as markup; only statecharts come as SVG, made and escaped by statechart.ts.

export const frameScript = `
const byId = id => document.getElementById(id)
const pollMs = 1000
/** By id: { load(query) → answer, show(answer) }. */
const views = {}
let paused = false
let asked = 0
let timer

function element(name, properties, ...children) {
  const { aria = {}, ...rest } = properties
  const made = Object.assign(document.createElement(name), rest)
  for (const [key, value] of Object.entries(aria)) made.setAttribute(key, value)
  made.append(...children)
  return made
}
const setText = (node, text) => { if (node.textContent !== text) node.textContent = text }
const time = ms => new Date(ms).toISOString().slice(11, 23)
const whole = number => number.toLocaleString('en')
function lasting(ms) {
  if (ms < 0) return '-' + lasting(-ms)
  if (ms < 10) return ms.toFixed(1).replace(/\\.0$/, '') + ' ms'
  if (ms < 1000) return Math.round(ms) + ' ms'
  if (ms < 100000) return (ms / 1000).toFixed(1).replace(/\\.0$/, '') + ' s'
  return ms < 6e6 ? Math.round(ms / 6e4) + ' min' : (ms / 3.6e6).toFixed(1) + ' h'
}
const sized = bytes => bytes < 1000 ? bytes + ' B' : bytes < 1e6 ? (bytes / 1e3).toFixed(1) + ' kB' : bytes < 1e9 ? (bytes / 1e6).toFixed(1) + ' MB' : (bytes / 1e9).toFixed(1) + ' GB'

/** Keeps what is there: an element that goes on keeps its focus. */
function keyed(parent, items, keyOf, make, update) {
  const old = new Map(Array.from(parent.children, child => [child.dataset.key, child]))
  const used = new Map()
  let at = parent.firstElementChild
  for (const item of items) {
    const name = String(keyOf(item))
    const times = used.get(name) ?? 0
    used.set(name, times + 1)
    const key = times === 0 ? name : name + ' #' + times
    let child = old.get(key)
    if (child === undefined) {
      child = make(item)
      child.dataset.key = key
    } else old.delete(key)
    if (child === at) at = at.nextElementSibling
    else parent.insertBefore(child, at)
    update(child, item)
  }
  for (const child of old.values()) child.remove()
}

/** '#requests?order=newest' */
function address() {
  const [view = '', query = ''] = location.hash.slice(1).split('?')
  return { view: view in views ? view : 'floor', query: new URLSearchParams(query) }
}
function go(view, query) {
  const text = query.toString()
  location.hash = '#' + view + (text === '' ? '' : '?' + text)
}
/** Changes parts of the query; '' removes one. */
function refine(changes) {
  const { view, query } = address()
  for (const [name, value] of Object.entries(changes)) value === '' || value === undefined ? query.delete(name) : query.set(name, value)
  go(view, query)
}

async function ask(path, query) {
  const text = query === undefined ? '' : '?' + new URLSearchParams(query)
  const response = await fetch(path + text)
  const body = (response.headers.get('content-type') ?? '').includes('json') ? await response.json() : { error: await response.text() }
  if (!response.ok && body.error === undefined) body.error = 'The broker answers ' + response.status + '.'
  if (body.broker !== undefined) showBroker(body.broker)
  return body
}

/** Once: asks what the view in the address needs and shows it. Answers for a view that was left are dropped. */
async function refresh() {
  clearTimeout(timer)
  const ticket = ++asked
  const { view, query } = address()
  try {
    const answer = await views[view].load(query)
    if (ticket !== asked) return
    views[view].show(answer, query)
    setText(byId('connection'), '')
  } catch (error) {
    if (ticket !== asked) return
    setText(byId('connection'), error instanceof TypeError ? 'The broker does not answer.' : String(error))
  }
  again()
}
function again() {
  clearTimeout(timer)
  if (!paused && !document.hidden) timer = setTimeout(refresh, pollMs)
}

function showView() {
  const { view, query } = address()
  for (const section of document.querySelectorAll('.view')) section.hidden = section.id !== view
  for (const link of document.querySelectorAll('nav a'))
    link.dataset.view === view ? link.setAttribute('aria-current', 'page') : link.removeAttribute('aria-current')
  for (const field of byId(view).querySelectorAll('[data-query]'))
    if (field !== document.activeElement) field.value = query.get(field.dataset.query) ?? (field.options?.[0]?.value ?? '')
  document.title = byId(view).querySelector('h2').textContent + ' – Odradek inspector'
  refresh()
}

/** Rows of a long list. columns: [title, CSS width]; fill(row element, row). Returns { query, show }. */
function rowsOf(id, columns, height, fill) {
  const table = byId(id + '-rows')
  const [head, scroller] = table.children
  const [room] = scroller.children
  const [shown] = room.children
  table.style.setProperty('--columns', columns.map(([, width]) => width).join(' '))
  table.style.setProperty('--height', height + 'px')
  head.append(...columns.map(([title]) => element('span', { aria: { role: 'columnheader' } }, title)))
  let window = { total: 0, from: 0, rows: [] }
  const needed = () => {
    const first = Math.max(0, Math.floor(scroller.scrollTop / height) - 5)
    return { from: first, count: Math.ceil(scroller.clientHeight / height) + 5 + Math.ceil(600 / height) }
  }
  scroller.addEventListener('scroll', () => {
    const { from, count } = needed()
    const last = Math.min(window.total, from + count - 5)
    if (from < window.from - 4 || last > window.from + window.rows.length) refresh()
  }, { passive: true })
  scroller.addEventListener('keydown', event => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const current = document.activeElement.closest('.row')
    if (step === undefined) return
    event.preventDefault()
    const next = current === null ? shown.firstElementChild : step === 1 ? current.nextElementSibling : current.previousElementSibling
    const target = next?.querySelector('a, button')
    if (target) target.focus()
    else scroller.scrollTop += step * height
  })
  return {
    query: needed,
    show(answer, what) {
      if (answer.error !== undefined) return setText(byId(id + '-count'), answer.error)
      window = answer
      setText(byId(id + '-count'), whole(answer.total) + ' ' + (answer.total === 1 ? what.replace(/^(\\w+)s\\b/, '$1') : what))
      table.setAttribute('aria-rowcount', answer.total + 1)
      room.style.height = answer.total * height + 'px'
      shown.style.transform = 'translateY(' + answer.from * height + 'px)'
      keyed(shown, answer.rows.map((row, index) => ({ row, index })), ({ index }) => answer.from + index,
        () => element('div', { className: 'row', aria: { role: 'row' } }, ...columns.map(() => element('span', { aria: { role: 'cell' } }))),
        (made, { row, index }) => {
          made.setAttribute('aria-rowindex', answer.from + index + 2)
          fill(made, row)
        })
    }
  }
}

/** One cell as a link; keeps the element, so that the focus stays. */
function linkIn(cell, text, href) {
  let link = cell.firstElementChild
  if (link?.tagName !== 'A') cell.replaceChildren(link = element('a', {}))
  setText(link, text)
  if (link.getAttribute('href') !== href) link.setAttribute('href', href)
  return link
}

function start() {
  for (const field of document.querySelectorAll('[data-query]'))
    field.addEventListener('input', () => refine({ [field.dataset.query]: field.value }))
  const pause = byId('pause')
  pause.addEventListener('click', () => {
    paused = !paused
    pause.setAttribute('aria-pressed', paused)
    setText(pause, paused ? 'Go on' : 'Pause')
    paused ? clearTimeout(timer) : refresh()
  })
  addEventListener('keydown', event => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest('input, select, textarea')) return
    if (event.key === 'p') pause.click()
    const links = document.querySelectorAll('nav a')
    if (/^[1-9]$/.test(event.key)) links[Number(event.key) - 1]?.click()
  })
  document.querySelector('.skip').addEventListener('click', event => {
    event.preventDefault()
    byId('content').focus()
  })
  addEventListener('hashchange', showView)
  document.addEventListener('visibilitychange', () => document.hidden ? clearTimeout(timer) : refresh())
  showView()
}
`
