// Goal: APIs of features that are off say so as Kafka does with the feature off: no authorizer, no credentials, no quotas.
// Method: encoded requests in every version through dispatch.
import { expect, test } from 'vitest'
import { errorCode } from '../../../src/protocol/error-codes.js'
import { createAclsRequest, createAclsResponse } from '../../../src/protocol/messages/create-acls.js'
import { deleteAclsRequest, deleteAclsResponse } from '../../../src/protocol/messages/delete-acls.js'
import { describeAclsRequest, describeAclsResponse } from '../../../src/protocol/messages/describe-acls.js'
import {
  describeClientQuotasRequest,
  describeClientQuotasResponse
} from '../../../src/protocol/messages/describe-client-quotas.js'
import {
  describeUserScramCredentialsRequest,
  describeUserScramCredentialsResponse
} from '../../../src/protocol/messages/describe-user-scram-credentials.js'
import { harness } from './harness.js'

const range = (n: number) => Array.from({ length: n }, (_, i) => i)
const off = errorCode('SECURITY_DISABLED')

test.each(range(4))('version %i of the ACL APIs says that there is no authorizer', async version => {
  const at = harness()
  const filter = {
    resourceTypeFilter: 1,
    resourceNameFilter: null,
    principalFilter: null,
    hostFilter: null,
    operation: 1,
    permissionType: 1
  }
  const described = await at.call([describeAclsRequest, describeAclsResponse], version, filter)
  expect(described).toMatchObject({
    errorCode: off,
    errorMessage: 'No Authorizer is configured on the broker',
    resources: []
  })
  const acl = {
    resourceType: 2,
    resourceName: 't',
    principal: 'User:x',
    host: '*',
    operation: 3,
    permissionType: 3
  }
  const created = await at.call([createAclsRequest, createAclsResponse], version, { creations: [acl, acl] })
  expect(created.results.map(({ errorCode: code }) => code)).toEqual([off, off])
  const deleted = await at.call([deleteAclsRequest, deleteAclsResponse], version, {
    filters: [filter, filter]
  })
  expect(deleted.filterResults.map(({ errorCode: code }) => code)).toEqual([off, off])
})

test('no user has credentials: all are none, and one by name is not there', async () => {
  const schemas = [describeUserScramCredentialsRequest, describeUserScramCredentialsResponse] as const
  const ask = (names: string[] | null) =>
    harness().call(schemas, 0, { users: names?.map(name => ({ name })) ?? null })
  expect(await ask(null)).toMatchObject({ errorCode: 0, results: [] })
  expect(await ask([])).toMatchObject({ errorCode: 0, results: [] })
  const { results } = await ask(['x', 'twice', '', 'twice'])
  expect(results.map(({ user, errorCode: code }) => [user, code])).toEqual([
    ['x', errorCode('RESOURCE_NOT_FOUND')],
    ['twice', errorCode('DUPLICATE_RESOURCE')],
    ['', errorCode('RESOURCE_NOT_FOUND')]
  ])
})

const exact = 0
const anyName = 2

test.each([
  ['nothing', []],
  ['a user', [{ entityType: 'user', matchType: exact, match: 'x' }]],
  ['an ip', [{ entityType: 'ip', matchType: anyName, match: null }]],
  [
    'a user and a client',
    [
      { entityType: 'user', matchType: anyName, match: null },
      { entityType: 'client-id', matchType: 1, match: null }
    ]
  ]
])('no quota matches a filter for %s', async (_, components) => {
  for (const version of range(2)) {
    const schemas = [describeClientQuotasRequest, describeClientQuotasResponse] as const
    const answer = await harness().call(schemas, version, { components, strict: false })
    expect(answer).toMatchObject({ errorCode: 0, errorMessage: null, entries: [] })
  }
})

const component = (entityType: string, matchType = anyName, match: string | null = null) => ({
  entityType,
  matchType,
  match
})

test.each([
  ['a kind twice', [component('user'), component('user')], 'INVALID_REQUEST'],
  ['no kind', [component('')], 'INVALID_REQUEST'],
  ['an ip with a user', [component('ip'), component('user')], 'INVALID_REQUEST'],
  ['an exact match of nothing', [component('user', exact)], 'INVALID_REQUEST'],
  ['a match type that does not exist', [component('user', 3)], 'INVALID_REQUEST'],
  ['an unknown kind', [component('constructor')], 'UNSUPPORTED_VERSION']
] as const)('a quota filter with %s is refused', async (_, components, error) => {
  const schemas = [describeClientQuotasRequest, describeClientQuotasResponse] as const
  const answer = await harness().call(schemas, 1, { components: [...components] })
  expect(answer).toMatchObject({ errorCode: errorCode(error), entries: null })
  expect(answer.errorMessage).toBeTruthy()
})
