// Which brokers get a new partition's replicas: Kafka's round robin over the brokers sorted by id, rack-unaware.

/** Where the rotation starts; the controller draws both at random for a new topic. */
export interface RotationStart {
  /** Index in the sorted broker list of partition 0's first replica. */
  readonly start: number
  /** Distance of the second replica from the first, minus one. */
  readonly shift: number
}

/**
 * Replicas of `count` partitions, the first of each its preferred leader. `firstPartition` is the number of partitions
 * that exist already. `factor` must not exceed the number of brokers.
 */
export function placeReplicas(
  brokers: readonly number[],
  count: number,
  factor: number,
  from: RotationStart,
  firstPartition = 0
): number[][] {
  const list = [...brokers].sort((a, b) => a - b)
  const n = list.length
  const at = (index: number): number => list[index % n] ?? -1
  const placed: number[][] = []
  let { shift } = from
  for (let p = firstPartition; p < firstPartition + count; p += 1) {
    if (p > 0 && p % n === 0) shift += 1
    const first = (p + from.start) % n
    const replicas = [at(first)]
    for (let j = 1; j < factor; j += 1) replicas.push(at(first + 1 + ((shift + j - 1) % (n - 1))))
    placed.push(replicas)
  }
  return placed
}

/** For added partitions the rotation continues from where partition 0 stands. */
export function rotationOfExisting(brokers: readonly number[], firstReplica: number): RotationStart {
  const list = [...brokers].sort((a, b) => a - b)
  const index = Math.max(
    0,
    list.findIndex(id => id >= firstReplica)
  )
  return { start: index, shift: index }
}
