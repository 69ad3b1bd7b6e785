// Which offsets partition a group's records are in: Kafka's Utils.abs(groupId.hashCode) % partitions, so that a directory can
// change hands between the two brokers.

/** Java's String.hashCode: over UTF-16 units, as a signed int32. */
export function javaHash(text: string): number {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0
  return hash
}

export function partitionOf(groupId: string, partitions: number): number {
  const hash = javaHash(groupId)
  // The smallest int has no positive counterpart; Kafka takes 0 for it.
  return (hash === -0x8000_0000 ? 0 : Math.abs(hash)) % partitions
}
