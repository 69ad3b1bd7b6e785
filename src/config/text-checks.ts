// Tests of configuration text that a range or a list of words cannot express. Each returns why a text is refused.

/** Kafka's inter-broker protocol and metadata versions: 0.8.0 .. 3.9-IV0; short forms such as 3.9 are accepted. */
const release = /^(0\.(8\.[0-2]|9\.0|1[01]\.0|10\.[0-2])|[12]\.[0-8]|3\.\d)(\.\d+|(\.\d+)?-IV\d+)?$/

export function releaseVersion(text: string): string | undefined {
  return release.test(text) ? undefined : 'not a version of Kafka such as 3.9 or 3.0-IV1'
}

export function throttledReplicas(text: string): string | undefined {
  if (text === '' || text === '*') return undefined
  const good = text.split(',').every(entry => /^\s*\d+:\d+\s*$/.test(entry))
  return good ? undefined : 'neither * nor a list of partition:brokerId'
}

export function quorumVoters(text: string): string | undefined {
  if (text === '') return undefined
  const good = text.split(',').every(entry => /^\s*\d+@\S+:\d+\s*$/.test(entry))
  return good ? undefined : 'not a list of id@host:port'
}

export function bootstrapServers(text: string): string | undefined {
  if (text === '') return undefined
  const good = text.split(',').every(entry => /^\s*\S+:\d+\s*$/.test(entry))
  return good ? undefined : 'not a list of host:port'
}

export function hostCounts(text: string): string | undefined {
  if (text === '') return undefined
  const good = text.split(',').every(entry => /^\s*\S+:\s*\d+\s*$/.test(entry))
  return good ? undefined : 'not a list of host:count'
}
