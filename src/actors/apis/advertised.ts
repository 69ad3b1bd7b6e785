// What ApiVersions answers: exactly the list of registered APIs, so that nothing is advertised that does not work.

export interface ApiVersionRange {
  readonly apiKey: number
  readonly minVersion: number
  readonly maxVersion: number
}

interface Registered {
  readonly key: number
  readonly versions: readonly [min: number, max: number]
}

/** Sorted by key. */
export function advertisedOf(apis: Iterable<Registered>): readonly ApiVersionRange[] {
  return [...apis]
    .map(({ key, versions: [minVersion, maxVersion] }) => ({ apiKey: key, minVersion, maxVersion }))
    .sort((a, b) => a.apiKey - b.apiKey)
}
