// OffsetFetch. Behaviour: what a group has committed, -1 where it has not; no topics named means all. Versions: 0 reads what
// is kept in the tree, 2 null = all and a top-level error, 5 leader epochs, 7 stable only, 8 many groups.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import {
  type OffsetFetchRequest,
  type OffsetFetchResponse,
  offsetFetchRequest,
  offsetFetchResponse
} from '../../protocol/messages/offset-fetch.js'
import type { InputOf } from '../../protocol/schema.js'
import type { GroupAccess } from '../groups/group-access.js'
import type { Eventually } from '../replicas/partition-commands.js'
import { settleAll } from '../replicas/shard.js'
import { defineApi, type Outcome, type RequestContext, respond, respondWhen } from './api.js'
import { callerOf } from './group-caller.js'
import { fetchFromTree } from './offsets-in-tree.js'

type Answer = InputOf<typeof offsetFetchResponse>
type Asked = OffsetFetchRequest['groups'][number]
type Fetched = OffsetFetchResponse['groups'][number]

const manyGroupsVersion = 8
const topLevelErrorVersion = 2

export const offsetFetch = defineApi({
  key: 9,
  name: 'OffsetFetch',
  versions: [0, 9],
  request: offsetFetchRequest,
  response: offsetFetchResponse,
  needs: ['groups', 'metadata', 'controller'],
  handle(request, context, needs): Outcome<Answer> {
    if (context.apiVersion === 0) return fetchFromTree(request, needs.metadata(), needs)
    const asked = askedOf(request, context.apiVersion)
    return respondWhen(
      settleAll(asked.map(group => fetchOne(group, request.requireStable, context, needs.groups))),
      fetched => respond(answerOf(fetched, context.apiVersion))
    )
  },
  errorResponse: (request, error, version) =>
    answerOf(
      askedOf(request, version).map(group => failed(group, error, version)),
      version
    )
})

function askedOf({ groups, groupId, topics }: OffsetFetchRequest, version: number): readonly Asked[] {
  return version >= manyGroupsVersion ? groups : [{ groupId, topics, memberId: null, memberEpoch: -1 }]
}

function fetchOne(
  group: Asked,
  requireStable: boolean,
  context: RequestContext,
  groups: GroupAccess
): Eventually<Fetched> {
  const { apiVersion } = context
  const performed = groups.perform(
    'fetchOffsets',
    group.groupId,
    { ...group, requireStable },
    callerOf(context)
  )
  const fetched = (done: Awaited<typeof performed>): Fetched => {
    if (done.kind === 'answered' && done.answer.errorCode === 0) return done.answer
    const error = done.kind === 'answered' ? done.answer.errorCode : errorCode(done.error)
    return failedWith(group, error, apiVersion)
  }
  return performed instanceof Promise ? performed.then(fetched) : fetched(performed)
}

const failed = (group: Asked, error: ErrorName, version: number): Fetched =>
  failedWith(group, errorCode(error), version)

/** Where there is no field for the group's error, each partition has it. */
function failedWith({ groupId, topics }: Asked, error: number, version: number): Fetched {
  if (version >= topLevelErrorVersion) return { groupId, errorCode: error, topics: [] }
  return {
    groupId,
    errorCode: error,
    topics: (topics ?? []).map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map(partitionIndex => ({
        partitionIndex,
        committedOffset: -1n,
        committedLeaderEpoch: -1,
        metadata: '',
        errorCode: error
      }))
    }))
  }
}

function answerOf(fetched: readonly Fetched[], version: number): Answer {
  if (version >= manyGroupsVersion) return { groups: fetched }
  const [only] = fetched
  return { topics: only?.topics ?? [], errorCode: only?.errorCode ?? 0 }
}
