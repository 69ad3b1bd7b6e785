// What a topic may be called, and which topics are Kafka's own.

const internalTopics: ReadonlySet<string> = new Set(['__consumer_offsets', '__transaction_state'])

export function isInternalTopic(name: string): boolean {
  return internalTopics.has(name)
}

/** 1 to 249 characters of `[a-zA-Z0-9._-]`, and not a directory's name for itself or its parent. */
export function isTopicName(name: string): boolean {
  return /^[a-zA-Z0-9._-]{1,249}$/.test(name) && name !== '.' && name !== '..'
}
