// Long lists reach the page a window at a time: what a filter leaves, and of that the rows that are in sight.

export interface Rows<Row> {
  /** Of all rows that the filter leaves. */
  readonly total: number
  readonly from: number
  readonly rows: readonly Row[]
}

const mostRows = 200

/** `from`, `count`: which of them. */
export function windowOf<Row>(all: readonly Row[], query: URLSearchParams): Rows<Row> {
  const from = Math.min(number(query, 'from', 0), Math.max(0, all.length - 1))
  const count = Math.min(number(query, 'count', 60), mostRows)
  return { total: all.length, from, rows: all.slice(from, from + count) }
}

/** A whole number of the query, 0 or more. */
export function number(query: URLSearchParams, name: string, otherwise: number): number {
  const value = Number(query.get(name) ?? otherwise)
  return Number.isFinite(value) && value >= 0 ? Math.floor(value) : otherwise
}

/** Whether each of the words of `q` is somewhere in the texts; case does not count. */
export function matcher(query: string | null): (...texts: readonly (string | null | undefined)[]) => boolean {
  const words = (query ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return () => true
  return (...texts) => {
    const text = texts.join(' ').toLowerCase()
    return words.every(word => text.includes(word))
  }
}
