// The floor plan's part of the page's script, as text.

export const floorScript = `
function showBroker(broker) {
  const state = byId('state')
  setText(state, broker.state)
  state.className = broker.state === 'running' ? 'fine' : 'trouble'
  const cluster = broker.clusterId === '' ? '' : ', cluster ' + broker.clusterId
  setText(byId('summary'), broker.bootstrapServers + ', ' + broker.placement + cluster + ', up for ' + lasting(broker.uptimeMs))
}

function makeCard(card) {
  return element('li', { className: 'card' },
    element('h4', {}, element(card.actor === undefined ? 'span' : 'a', { className: 'name' })),
    element('span', { className: 'said' }), element('span', { className: 'word' }),
    element('div', { className: 'queue' }, element('span', { className: 'bar', aria: { 'aria-hidden': 'true' } }), element('span', { className: 'depth' })),
    element('small', {}))
}

function updateCard(made, card) {
  const [title, said, word, queue, lines] = made.children
  const [name] = title.children
  made.className = 'card ' + card.trouble
  setText(name, card.name)
  if (card.actor !== undefined && name.tagName === 'A') name.href = '#actors?' + new URLSearchParams({ thread: card.actor.thread, name: card.actor.name })
  setText(word, card.word)
  setText(said, card.state)
  queue.hidden = card.queue === undefined
  if (card.queue !== undefined) {
    const share = card.queue.capacity === null ? Math.min(1, card.queue.depth / 100) : card.queue.depth / card.queue.capacity
    queue.firstElementChild.style.setProperty('--share', Math.min(1, share))
    setText(queue.lastElementChild, card.queue.says)
  }
  setText(lines, card.lines.join(' · '))
}

views.floor = {
  load: () => ask('/api/floor'),
  show(plan) {
    const said = plan.troubles.length === 0 ? ['Nothing is wrong that can be seen from here.'] : plan.troubles
    const troubles = byId('troubles')
    troubles.className = plan.troubles.length === 0 ? 'fine' : 'trouble'
    keyed(troubles, said, text => text.replace(/[0-9.]+/g, ''), () => element('p', {}), (line, text) => setText(line, text))
    keyed(byId('stations'), plan.stations, station => station.title,
      station => element('section', { className: 'station', aria: { 'aria-label': station.title } },
        element('h3', {}, station.title), element('ul', {}), element('p', { className: 'more' })),
      (section, station) => {
        keyed(section.children[1], station.cards, card => card.id, makeCard, updateCard)
        setText(section.children[2], station.more)
      })
  }
}
`
