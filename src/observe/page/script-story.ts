// What is played on the floor plan, as text of the page's script and without the document: ways through models, which a person
// may bring as a file, and recordings become one form, and of that the stations at each step.

/** Station, names of model parts and ids of machines that belong there, and the machine of a part. First match counts. */
const stations: ReadonlyArray<readonly [station: string, names: string, machine: string]> = [
  ['Clients', '^(client|operator|peer)', 'channel'],
  ['Acceptors', '^acceptor', 'acceptor'],
  ['Acceptors', '^(quotas|connectionCount)', 'connectionCount'],
  ['Processors', '^processor', 'processor'],
  ['Connections', '^(channel|channelMute|exchange)$', ''],
  ['RequestChannel', '^(request queue|requestChannel)', 'requestChannel'],
  ['Handlers', '^handlerPool', 'handlerPool'],
  ['Handlers', '^handler', 'handler'],
  ['Purgatories', '^purgatory', 'purgatory'],
  ['Purgatories', '^(request [0-9]|delayedOperation)', 'delayedOperation'],
  ['Purgatories', '^(timer$|key )', ''],
  ['Groups', '^group$', 'groups.classicGroup'],
  ['Groups', '^member [0-9]', 'groups.member'],
  ['Groups', '^partition [0-9]', 'groups.offsetsPartition'],
  ['Groups', '^(group|coordinator$)', ''],
  ['Shards', '^(partition$|replicas)', 'replicas.partition'],
  ['Shards', '^shard', ''],
  ['Logs', '^log ?[mM]anager', 'logManager'],
  ['Logs', '^(directory|logDir$)', 'logDir'],
  ['Logs', '^(log [0-9]|partitionLog)', 'partitionLog'],
  ['Logs', '^(log|disk)', ''],
  ['Controller', '^topic', 'topic'],
  ['Controller', '^(controller|tree|metadataTree)', ''],
  ['Memory', '^(memory|owner|releaser|producer|consumer|ringer)', ''],
  ['Broker', '^(scheduledTask|task)', 'scheduledTask'],
  ['Broker', '^scheduler', 'scheduler'],
  ['Broker', '^broker', 'broker'],
  ['Broker', '', '']
]

export const storyScript = `
const storyStations = ${JSON.stringify(stations)}.map(([station, names, machine]) => [station, new RegExp(names), machine])
const titlesOfStations = [...new Set(storyStations.map(([station]) => station))]
const mostParts = 12
const placeOf = name => storyStations.find(([, names]) => names.test(name))
const upper = text => text.charAt(0).toUpperCase() + text.slice(1)

/** { title, parts: [{ id, name, station, machine, state }], steps: [{ by, to, says, after }], cycleFrom }; throws a sentence. */
function storyOf(way) {
  try {
    if (way?.odradek === 'way') return storyOfWay(way)
    if (way?.odradek === 'recording') return storyOfRecording(way)
  } catch {
    // Something in it is not what it should be.
  }
  throw 'This is no way through a model: choose a .json file of the folder counterexamples, as npm run check writes them.'
}

function storyOfWay({ model, says, property, parts, initial, steps, cycleFrom }) {
  const names = [...new Set([...parts, ...Object.keys(initial ?? {}), ...steps.flatMap(({ from, to }) => [from, to])])]
  return {
    title: property === undefined ? 'Model ' + model + ': ' + says + '.' : 'Counterexample, model ' + model + ': ' + property + ' does not hold (' + says + ').',
    parts: names.map(name => {
      const [station, , machine] = placeOf(name)
      return { id: name, name, station, machine, state: initial?.[name] ?? '' }
    }),
    steps: steps.map(({ from, to, says, by, changes }) => {
      const whom = to === from || says.includes(to) ? '' : ' → ' + to
      return { by: from, to, says: upper(from) + ' ' + says + whom + (by === 'environment' ? ' (environment)' : ''), after: changes ?? {} }
    }),
    cycleFrom
  }
}

function storyOfRecording({ actors, steps, left }) {
  const names = new Map(actors.map(({ id, name }) => [id, name]))
  return {
    title: 'What was recorded: the newest ' + steps.length + ' steps' + (left === 0 ? '.' : '; ' + left + ' older ones are left out.'),
    parts: actors.map(({ id, name, machine, thread, state }) => ({ id, name: name + (thread === 0 ? '' : ', thread ' + thread), station: placeOf(machine)[0], machine, state })),
    steps: steps.map(({ actor, atMs, event, from, to, actions, data }) => {
      const led = from === to ? 'it stays ' + to : from === '' ? 'it is ' + to : from + ' → ' + to
      const does = actions.length === 0 ? '' : '; it does ' + actions.join(', ')
      return { by: actor, to: actor, atMs, says: names.get(actor) + ': ' + event + (data === undefined ? '' : ' ' + data) + '; ' + led + does, after: { [actor]: to } }
    })
  }
}

/** After so many steps: what each part is, and when it was last concerned (0 = never). */
function partsAt(story, count) {
  const now = new Map(story.parts.map(part => [part.id, { ...part, before: part.state, last: 0 }]))
  story.steps.slice(0, count).forEach(({ by, to, after }, index) => {
    for (const [id, state] of Object.entries(after)) {
      const part = now.get(id)
      if (part !== undefined) Object.assign(part, { before: part.state, state, last: index + 1 })
    }
    for (const id of [by, to]) if (now.has(id)) now.get(id).last = index + 1
  })
  return now
}

/** '412/500' or '3 queued' of a state in words: { depth, capacity }. */
function queueIn(state) {
  const [, depth, capacity] = /(?:^|\\s)(\\d+)\\/(\\d+)/.exec(state) ?? []
  if (depth !== undefined) return { depth: Number(depth), capacity: Number(capacity) }
  const [, queued] = /(?:^|\\s)(\\d+) queued/.exec(state) ?? []
  return queued === undefined ? undefined : { depth: Number(queued), capacity: undefined }
}

/** Each station with its parts; of many those that were concerned last. lit: 'acts', 'is reached', 'changes' or ''. */
function stationsAt(story, count) {
  const parts = [...partsAt(story, count).values()]
  const step = story.steps[count - 1]
  const lit = ({ id }) => step === undefined ? '' : id === step.by ? 'acts' : id === step.to ? 'is reached' : id in step.after ? 'changes' : ''
  return titlesOfStations.flatMap(title => {
    const here = parts.filter(({ station }) => station === title)
    if (here.length === 0) return []
    const shown = new Set([...here].sort((a, b) => b.last - a.last).slice(0, mostParts))
    const rest = here.length - shown.size
    return [{
      title,
      more: rest === 0 ? '' : 'and ' + rest + ' more',
      parts: here.filter(part => shown.has(part)).map(part => ({ ...part, lit: lit(part), queue: queueIn(part.state) }))
    }]
  })
}

/** What to draw after so many steps, the best first: who acts, who is reached; each with the state that its words begin with. */
function chartsAt(story, count) {
  const step = story.steps[count - 1]
  if (step === undefined) return []
  const parts = partsAt(story, count)
  return [...new Set([step.by, step.to])].flatMap(id => {
    const part = parts.get(id)
    const [state] = /^[\\w.]+/.exec(part?.state ?? '') ?? []
    return part === undefined || part.machine === '' || state === undefined ? [] : [{ machine: part.machine, name: part.name, state }]
  })
}

/** The step after so many: a cycle goes round. undefined: it is over. */
function afterStep(story, count) {
  if (count < story.steps.length) return count + 1
  return story.cycleFrom === undefined ? undefined : story.cycleFrom + 1
}
`
