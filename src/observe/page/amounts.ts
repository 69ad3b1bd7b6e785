// Durations and sizes as a person reads them.

/** `0.4 ms`, `12 ms`, `1.2 s`, `3 min`. */
export function duration(ms: number): string {
  if (ms < 0) return `-${duration(-ms)}`
  if (ms < 9.95) return `${trimmed(ms)} ms`
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 99_950) return `${trimmed(ms / 1000)} s`
  return `${Math.round(ms / 60_000)} min`
}

/** Decimal units. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 999_500) return `${trimmed(bytes / 1000)} kB`
  if (bytes < 999_500_000) return `${trimmed(bytes / 1e6)} MB`
  return `${trimmed(bytes / 1e9)} GB`
}

/** `1 request`, `2 requests`. */
export const counted = (count: number, noun: string, plural = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : plural}`

const trimmed = (value: number): string =>
  (value < 9.95 ? value.toFixed(1) : value.toFixed(0)).replace(/\.0$/, '')
