// The order in which a broker's parts start and stop: the graph of what requires what from boot-order.ts, and the sequences
// that the broker's machine walks, found by walking it.
import { initialTransition, transition } from 'xstate'

const block = lines => ['```mermaid', ...lines, '```'].join('\n')
const graph = (ids, edges) =>
  block(['flowchart TD', ...ids, ...edges.map(([from, to]) => `  ${from} --> ${to}`)])

/** `machine`: the broker's. */
export function drawBootOrder(bootOrder, machine) {
  const number = new Map(bootOrder.map(({ name }, index) => [name, index + 1]))
  const boxes = bootOrder.map(({ name }) => `  ${name}["${number.get(name)}. ${name}"]`)
  const edges = bootOrder.flatMap(({ name, requires }) => requires.map(other => [other, name]))
  const rows = bootOrder.map(
    ({ name, requires }, index) => `| ${index + 1} | ${name} | ${requires.join(', ') || '–'} |`
  )
  const names = bootOrder.map(({ name }) => name)
  const failing = names[Math.floor(names.length / 2)]
  return [
    `The broker's machine starts one step after the other, by number. An arrow means "must be up before". The startup latch
opens after the last step: then every listener accepts.`,
    `${graph(boxes, edges)}

| | step | requires |
|---|---|---|
${rows.join('\n')}

## As a sequence

${block(sequence(names, walk(machine, ['start'])))}

## When a step fails

Here ${failing}. Every step is asked to stop, in the [stop order](stop-order.md); what never started has nothing to do.

${block(sequence(names, walk(machine, ['start'], failing)))}

${origin}`
  ]
}

export function drawStopOrder(bootOrder, stopOrder, machine) {
  const started = new Map(bootOrder.map(({ name }, index) => [name, index + 1]))
  const boxes = stopOrder.map((name, index) => `  ${name}["${index + 1}. ${name}"]`)
  const edges = stopOrder.slice(1).map((name, index) => [stopOrder[index], name])
  const stopped = new Map(stopOrder.map((name, index) => [name, index]))
  const requires = new Map(bootOrder.map(step => [step.name, step.requires]))
  const rows = stopOrder.map((name, index) => {
    const early = bootOrder
      .filter(other => requires.get(other.name).includes(name) && stopped.get(other.name) > index)
      .map(other => other.name)
    const note =
      early.length === 0 ? '' : `the exception: stops before ${early.join(', ')}, which requires it`
    return `| ${index + 1} | ${name} | ${started.get(name)} | ${note} |`
  })
  const names = bootOrder.map(({ name }) => name)
  const stop = walk(machine, ['start', 'stop'])
  return [
    `Every step is stopped once, whatever state the start had reached; a step that never started has nothing to do. A step
that fails to stop is logged and the next one is tried all the same.`,
    `${graph(boxes, edges)}

| | step | started as | note |
|---|---|---|---|
${rows.join('\n')}

Whatever requires a step is stopped before it, with one exception, which is Kafka's: the scheduler stops right after the
handlers. No periodic task may touch a log that is being closed, since an I/O error there would cost the clean-shutdown
marker.

## As a sequence

${block(sequence(names, stop.slice(stop.findIndex(({ event }) => event === 'stop'))))}

${origin}`
  ]
}

const origin =
  'From `src/actors/broker/boot-order.ts`, walked by `src/actors/broker/broker.machine.ts`; its chart is [broker](broker.md).'

/**
 * What the machine does when these events come, each once it rests, and every step answers: an event of the operator, an
 * action with its parameters, an answer, or the state in which it rests.
 */
function walk(machine, events, failing) {
  const happened = []
  let [snapshot, actions] = initialTransition(machine)
  const settle = () => {
    while (actions.some(({ params }) => params?.step !== undefined)) {
      const { type, params } = actions.find(each => each.params?.step !== undefined)
      const answer = type === 'startStep' && params.step === failing ? 'stepFailed' : 'stepDone'
      happened.push({ deed: type, step: params.step }, { answer, step: params.step })
      ;[snapshot, actions] = transition(machine, snapshot, { type: answer })
    }
    const latches = actions.filter(({ type }) => !type.startsWith('xstate.')).map(({ type }) => type)
    happened.push({ state: snapshot.value, latches })
  }
  for (const event of events) {
    happened.push({ event })
    ;[snapshot, actions] = transition(machine, snapshot, { type: event })
    settle()
  }
  return happened
}

function sequence(steps, happened) {
  const taking = steps.filter(name => happened.some(({ step }) => step === name))
  const lines = ['sequenceDiagram', '  actor operator', '  participant broker']
  lines.push(...taking.map(name => `  participant ${name}`))
  for (const { event, deed, answer, step, state, latches } of happened) {
    if (event !== undefined) lines.push(`  operator->>broker: ${event}`)
    else if (deed !== undefined) lines.push(`  broker->>${step}: ${deed}`)
    else if (answer !== undefined)
      lines.push(`  ${step}${answer === 'stepDone' ? '-->>' : '--x'}broker: ${answer}`)
    else lines.push(`  Note over broker: ${[state, ...latches].join('<br/>')}`)
  }
  return lines
}
