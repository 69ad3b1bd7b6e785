// AlterConfigs and IncrementalAlterConfigs: each resource is checked and changed alone, in one turn of the controller.
// Sentences and the order of checks are those of Kafka 3.9.
import type { Definition } from '../../config/definition.js'
import { brokerDefinition, isBrokerConfig } from '../../config/definitions.js'
import { brokerChangeFault } from '../../config/dynamic-change.js'
import { type BrokerEntity, dynamicOnlyDefinition } from '../../config/dynamic-layer.js'
import { groupConfigFault, groupDefinition, isGroupConfig } from '../../config/group-config.js'
import { type ConfigStep, configOps, stepped } from '../../config/incremental.js'
import { baseName } from '../../config/settings.js'
import { isTopicConfig, topicDefinition, validateTopicConfigs } from '../../config/topic-config.js'
import { paths } from '../../coordination/kafka-znodes.js'
import { isRefused, type TreeError, type TreeOp } from '../../coordination/tree.js'
import type { ErrorName } from '../../protocol/error-codes.js'
import { type ConfigEntity, readBrokerConfigs, readEntity } from './config-nodes.js'
import type { AlterConfigsCommand, AlteredResource, Verdict } from './controller-client.js'
import type { ControllerState } from './controller-state.js'
import type { Topic } from './topic.js'

type Texts = Readonly<Record<string, string>>

/** ConfigResource.Type */
const types = { topic: 2, broker: 4, brokerLogger: 8, clientMetrics: 16, group: 32 } as const

const done: Verdict = { error: 'NONE', message: null }
const refused = (error: ErrorName, message: string): Verdict => ({ error, message })
const invalidRequest = (message: string): Verdict => refused('INVALID_REQUEST', message)

export async function alterConfigs(
  state: ControllerState,
  command: AlterConfigsCommand
): Promise<readonly Verdict[]> {
  const { resources } = command
  const twice = twiceIn(resources.map(idOf))
  const verdicts: Promise<Verdict>[] = []
  for (const resource of resources) {
    const verdict = twice.has(idOf(resource))
      ? Promise.resolve(invalidRequest('Each resource must appear at most once.'))
      : alter(state, resource, command)
    verdicts.push(verdict)
    // The first that the tree fails is told of; the others fail with it.
    verdict.catch(() => {})
    // A change of brokers is checked against the one before it; topics share a delta. Groups share the node above theirs.
    if (resource.type === types.broker || resource.type === types.group) await verdict
  }
  const all = await Promise.all(verdicts)
  await state.changes.tidy()
  return all
}

const idOf = ({ type, name }: AlteredResource): string => `${type} ${name}`

function twiceIn(names: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>()
  return new Set(names.filter(name => seen.size === seen.add(name).size))
}

function alter(
  state: ControllerState,
  resource: AlteredResource,
  command: AlterConfigsCommand
): Promise<Verdict> {
  const fault = shapeFault(resource, command)
  if (fault !== undefined) return Promise.resolve(fault)
  if (resource.type === types.brokerLogger) return Promise.resolve(loggerVerdict(state, resource))
  if (resource.type === types.group) return alterGroup(state, resource, command)
  return resource.type === types.topic
    ? alterTopic(state, resource, command)
    : alterBroker(state, resource, command)
}

/** There is none whose level can be changed. */
function loggerVerdict({ options: { brokerId } }: ControllerState, resource: AlteredResource): Verdict {
  const { name, entries } = resource
  const fault = name === '' ? 'Node id must be an integer, but it is: ' : brokerNameFault(name, brokerId)
  if (fault !== undefined) return invalidRequest(fault)
  const list = entries.map(({ op }) => configOps[op]).find(op => op === 'append' || op === 'subtract')
  if (list !== undefined) {
    return invalidRequest(`${list.toUpperCase()} operation is not allowed for the BROKER_LOGGER resource`)
  }
  const [first] = entries
  return first === undefined ? done : refused('INVALID_CONFIG', `Logger ${first.name} does not exist!`)
}

function shapeFault({ type, entries }: AlteredResource, { mode }: AlterConfigsCommand): Verdict | undefined {
  if (twiceIn(entries.map(({ name }) => name)).size > 0)
    return invalidRequest('Error due to duplicate config keys')
  const nulls = entries.filter(({ op, value }) => value === null && configOps[op] !== 'delete')
  if (nulls.length > 0) {
    return invalidRequest(`Null value not supported for : ${nulls.map(({ name }) => name).join(', ')}`)
  }
  if (type === types.clientMetrics) {
    return invalidRequest(
      'AlterConfigs is only supported for topics and brokers, but resource type is CLIENT_METRICS'
    )
  }
  const known: readonly number[] =
    mode === 'step'
      ? [types.topic, types.broker, types.group, types.brokerLogger]
      : [types.topic, types.broker, types.group]
  if (!known.includes(type)) return invalidRequest(`Unknown resource type ${type}`)
  const odd = mode === 'step' ? entries.find(({ op }) => configOps[op] === undefined) : undefined
  return odd === undefined ? undefined : invalidRequest(`Unknown operations type ${odd.op}`)
}

async function alterTopic(
  state: ControllerState,
  resource: AlteredResource,
  command: AlterConfigsCommand
): Promise<Verdict> {
  const { name } = resource
  if (name === '') return invalidRequest('Default topic resources are not allowed.')
  const topic = state.topics.get(name)
  if (topic === undefined || topic.state !== 'online') {
    return refused('UNKNOWN_TOPIC_OR_PARTITION', `The topic '${name}' does not exist.`)
  }
  const definitionOf = (key: string): Definition | undefined =>
    isTopicConfig(key) ? topicDefinition(key) : undefined
  const next = nextTexts(topic.configs, resource, command, definitionOf)
  if ('error' in next) return next
  const fault = validateTopicConfigs(next.texts, state.options.config)
  if (fault !== undefined) return refused('INVALID_CONFIG', topicSentence(name, fault.reason))
  return command.validateOnly ? done : recordTopic(state, topic, next.texts)
}

/** Kafka names the resource where a value did not parse, and not where the name or a combination is wrong. */
function topicSentence(name: string, reason: string): string {
  const bare = /^(Unknown topic config name|conflict topic config setting)/.test(reason)
  return bare
    ? reason
    : `Invalid config value for resource ConfigResource(type=TOPIC, name='${name}'): ${reason}`
}

async function recordTopic(state: ControllerState, topic: Topic, texts: Texts): Promise<Verdict> {
  const ops = await state.changes.ops({ kind: 'topic', name: topic.name }, texts)
  state.options.log.info(`updating topic ${topic.name} with new configuration: ${loggable(texts)}`)
  const settled = await topic.configure(texts, ops)
  return settled.kind === 'treeRefused' ? notController(settled.error) : done
}

/** The group need not be there yet, nor stay (KRaft does the same). */
async function alterGroup(
  state: ControllerState,
  resource: AlteredResource,
  command: AlterConfigsCommand
): Promise<Verdict> {
  const { name } = resource
  const { options, surroundings, changes } = state
  if (name === '') return invalidRequest('Default group resources are not allowed.')
  const entity = { kind: 'group', name } as const
  const definitionOf = (key: string): Definition | undefined =>
    isGroupConfig(key) ? groupDefinition(key) : undefined
  const next = nextTexts(await readEntity(options.tree, entity), resource, command, definitionOf)
  if ('error' in next) return next
  const fault = groupConfigFault(options.config, next.texts)
  if (fault !== undefined) return refused('INVALID_CONFIG', fault)
  if (command.validateOnly) return done
  options.log.info(`updating group ${plain(name)} with new configuration: ${loggable(next.texts)}`)
  const answer = await options.tree.multi([guard(state), ...(await changes.ops(entity, next.texts))])
  if (isRefused(answer)) return notController(answer)
  await surroundings.publisher.configureGroup({ groupId: name, configs: next.texts })
  return done
}

async function alterBroker(
  state: ControllerState,
  resource: AlteredResource,
  command: AlterConfigsCommand
): Promise<Verdict> {
  const { tree, brokerId, config } = state.options
  const fault = brokerNameFault(resource.name, brokerId)
  if (fault !== undefined) return invalidRequest(fault)
  const entity: BrokerEntity = resource.name === '' ? 'clusterDefault' : 'broker'
  const node: ConfigEntity =
    entity === 'broker' ? { kind: 'broker', id: brokerId } : { kind: 'clusterDefault' }
  const definitionOf = (key: string): Definition | undefined =>
    isBrokerConfig(key) ? brokerDefinition(key) : dynamicOnlyDefinition(key)
  const next = nextTexts(await readEntity(tree, node), resource, command, definitionOf)
  if ('error' in next) return next
  const change = brokerChangeFault(config, entity, next.texts)
  if (change !== undefined) return invalidRequest(change)
  return command.validateOnly ? done : recordBroker(state, node, next.texts)
}

function brokerNameFault(name: string, brokerId: number): string | undefined {
  if (name === '') return undefined
  if (!/^[+-]?\d+$/.test(name)) return `Node id must be an integer, but it is: ${name}`
  return Number(name) === brokerId
    ? undefined
    : `Unexpected broker id, expected ${brokerId}, but received ${name}`
}

async function recordBroker(state: ControllerState, node: ConfigEntity, texts: Texts): Promise<Verdict> {
  const { options, surroundings, changes } = state
  const { tree, brokerId } = options
  const whom = node.kind === 'broker' ? `broker ${node.id}` : 'brokers'
  options.log.info(`updating ${whom} with new configuration: ${loggable(texts)}`)
  const answer = await tree.multi([guard(state), ...(await changes.ops(node, texts))])
  if (isRefused(answer)) return notController(answer)
  const configs = await readBrokerConfigs(tree, brokerId)
  await surroundings.publisher.configure(configs)
  await options.reconfigured(configs)
  return done
}

/** Refuses the transaction when another broker has become the controller. */
function guard({ surroundings }: ControllerState): TreeOp {
  return { op: 'check', path: paths.controllerEpoch, version: surroundings.controllerEpochVersion() }
}

/** A value whose name nobody here knows may be a secret. */
function loggable(texts: Texts): string {
  const all = Object.entries(texts).map(([name, text]) => {
    const base = baseName(name)
    const known =
      isTopicConfig(name) ||
      isGroupConfig(name) ||
      isBrokerConfig(base) ||
      dynamicOnlyDefinition(name) !== undefined
    return `${plain(name)} -> ${known ? plain(text) : '[hidden]'}`
  })
  return all.length === 0 ? 'none' : all.join(', ')
}

/** Clients write these: nothing of theirs may look like another line. */
const plain = (text: string): string => (/^[\w.,:*+\- ]*$/.test(text) ? text : JSON.stringify(text))

const notController = ({ path, error }: TreeError): Verdict => refused('NOT_CONTROLLER', `${path}: ${error}`)

function nextTexts(
  stored: Texts,
  { entries }: AlteredResource,
  { mode }: AlterConfigsCommand,
  definitionOf: (name: string) => Definition | undefined
): { readonly texts: Texts } | Verdict {
  const given = entries.map(({ name, op, value }): ConfigStep => {
    return { name, op: mode === 'replace' ? 'set' : (configOps[op] ?? 'set'), value: value ?? '' }
  })
  const after = stepped(mode === 'replace' ? {} : stored, given, definitionOf)
  return 'fault' in after ? refused('INVALID_CONFIG', after.fault) : after
}
