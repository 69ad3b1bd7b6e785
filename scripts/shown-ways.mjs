// Situations of the models that are worth watching, each with the shortest way to it: the inspector's page plays them.
const situations = [
  ['network-processors', 'a request waits for room in the queue'],
  ['network-crowd', 'the Acceptor is blocked'],
  ['network', 'a throttled connection waits for its response'],
  ['network', 'a request is orphaned'],
  ['network', 'the broker stops while a handler handles'],
  ['network-resize', 'a dismissed handler finishes its request'],
  ['broker', 'a start failed and everything was let go'],
  ['log-manager', 'one directory has failed while the other one serves'],
  ['partition', 'one waits while a flush runs that does not cover it'],
  ['purgatory', 'a condition becomes true between the first check and the lists'],
  ['topic', 'a crash leaves a topic half deleted'],
  ['group', 'somebody new comes during the initial delay'],
  ['group', 'a follower waits for its assignment, and the leader is dead'],
  ['group-twins', 'one of them is fenced, the other one has its place'],
  ['consumer-group', 'a member waits for what another one gives up'],
  ['request-edges', 'a handler is rung while it works']
]

/** The text of diagrams/ways.json; `load(file)` imports from dist. */
export async function shownWays(load) {
  const { models } = await load('verify/models/index.js')
  const { wayFile, wayText } = await load('verify/way-file.js')
  const ways = situations.map(([model, says]) => {
    const explorer = models.find(({ name }) => name === model)?.explore('small')
    const goal = explorer?.goals.find(each => each.says === says)
    const found = goal && explorer.find(goal.id)
    if (found?.kind !== 'found') throw new Error(`the model ${model} has no way to "${says}" any more`)
    return wayText(wayFile({ model, says }, explorer.story(found.way)))
  })
  return `[${ways.join(',')}]\n`
}
