// The order in which a broker's parts start and stop, drawn from boot-order.ts.

const graph = (ids, edges) =>
  ['```mermaid', 'flowchart TD', ...ids, ...edges.map(([from, to]) => `  ${from} --> ${to}`), '```'].join(
    '\n'
  )

export function drawBootOrder(bootOrder) {
  const number = new Map(bootOrder.map(({ name }, index) => [name, index + 1]))
  const boxes = bootOrder.map(({ name }) => `  ${name}["${number.get(name)}. ${name}"]`)
  const edges = bootOrder.flatMap(({ name, requires }) => requires.map(other => [other, name]))
  const rows = bootOrder.map(
    ({ name, requires }, index) => `| ${index + 1} | ${name} | ${requires.join(', ') || '–'} |`
  )
  return [
    `The broker's machine starts one step after the other, by number. An arrow means "must be up before". The startup latch
opens after the last step: then every listener accepts.`,
    `${graph(boxes, edges)}\n\n| | step | requires |\n|---|---|---|\n${rows.join('\n')}\n\nFrom \`src/actors/broker/boot-order.ts\`; the chart of the whole life is [broker](broker.md).`
  ]
}

export function drawStopOrder(bootOrder, stopOrder) {
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
  return [
    `Every step is stopped once, whatever state the start had reached; a step that never started has nothing to do. A step
that fails to stop is logged and the next one is tried all the same.`,
    `${graph(boxes, edges)}\n\n| | step | started as | note |\n|---|---|---|---|\n${rows.join('\n')}\n
Whatever requires a step is stopped before it, with one exception, which is Kafka's: the scheduler stops right after the
handlers. No periodic task may touch a log that is being closed, since an I/O error there would cost the clean-shutdown
marker.`
  ]
}
