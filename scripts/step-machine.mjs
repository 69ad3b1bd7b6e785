// A step machine (atomic steps of several threads on shared memory) as one statechart for each kind of thread: the thread's
// program counter, every step that it takes in any state of a small world.

/** `world`: what to explore; `threads`: kind -> the counter of each thread of that kind. */
const worlds = {
  'ring.machine.js': {
    initial: 'initialRing',
    successors: 'ringSuccessors',
    world: { capacity: 2, producers: [[1, 2, 3], [4]], consumers: [3, 1], positions: 8 },
    threads: {
      producer: ({ threads }) => threads.slice(0, 2).map(({ step }) => step),
      consumer: ({ threads }) => threads.slice(2).map(({ step }) => step)
    }
  },
  'arena.machine.js': {
    initial: 'initialArena',
    successors: 'arenaSuccessors',
    world: { pool: 1, blocks: 3, releasers: 2 },
    threads: {
      owner: ({ owner }) => [owner],
      releaser: ({ releasers }) => releasers.map(({ step }) => step)
    }
  },
  'neighbours.machine.js': {
    initial: 'initialEdges',
    successors: 'edgesSuccessors',
    world: { capacity: 1, producers: [1, 1], consumers: 1 },
    threads: {
      processor: ({ producers }) => producers.map(({ step }) => step),
      handler: ({ consumers }) => consumers.map(({ step }) => step)
    }
  },
  'doorbell.machine.js': {
    initial: 'initialDoorbell',
    successors: 'doorbellSuccessors',
    world: { ringers: 2, rings: 2 },
    threads: {
      owner: ({ owner }) => [owner],
      ringer: ({ ringers }) => ringers.map(({ step }) => step)
    }
  }
}

/** [{ kind, mermaid }]; undefined for a file that is no such machine. */
export function drawStepMachine(file, exported) {
  const found = Object.entries(worlds).find(([name]) => file.endsWith(`/${name}`))?.[1]
  if (found === undefined) return undefined
  const { world, threads } = found
  const [first, steps] = explore(exported[found.initial](world), state =>
    exported[found.successors](world, state)
  )
  return Object.entries(threads).map(([kind, countersOf]) => ({
    kind,
    mermaid: chart(countersOf(first)[0], steps, countersOf)
  }))
}

const mostStates = 100_000

/** The first state, and every step as [before, after]. */
function explore(first, successors) {
  const steps = []
  const known = new Set([JSON.stringify(first)])
  const open = [first]
  for (const state of open) {
    for (const next of successors(state)) {
      steps.push([state, next])
      const key = JSON.stringify(next)
      if (known.has(key)) continue
      known.add(key)
      open.push(next)
    }
    if (known.size > mostStates) throw new Error('the world of this step machine is too large to be drawn')
  }
  return [first, steps]
}

function chart(start, steps, countersOf) {
  const arrows = new Set()
  for (const [before, after] of steps) {
    const others = countersOf(after)
    countersOf(before).forEach((counter, index) => {
      if (counter !== others[index]) arrows.add(`  ${counter} --> ${others[index]}`)
    })
  }
  return ['stateDiagram-v2', `  [*] --> ${start}`, ...[...arrows].sort()].join('\n')
}
