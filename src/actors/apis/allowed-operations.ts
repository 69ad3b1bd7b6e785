// Authorized-operations fields: bit n stands for operation n. Without an authorizer everything that a kind of resource
// knows is allowed.

const operation = {
  read: 3,
  write: 4,
  create: 5,
  delete: 6,
  alter: 7,
  describe: 8,
  clusterAction: 9,
  describeConfigs: 10,
  alterConfigs: 11,
  idempotentWrite: 12
} as const

const bits = (...operations: readonly number[]): number => operations.reduce((set, n) => set | (1 << n), 0)

const o = operation
export const allowedOperations = {
  topic: bits(o.read, o.write, o.create, o.delete, o.alter, o.describe, o.describeConfigs, o.alterConfigs),
  group: bits(o.read, o.delete, o.describe, o.describeConfigs, o.alterConfigs),
  cluster: bits(
    o.create,
    o.alter,
    o.describe,
    o.clusterAction,
    o.describeConfigs,
    o.alterConfigs,
    o.idempotentWrite
  )
} as const
