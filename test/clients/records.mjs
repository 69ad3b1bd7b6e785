// Records for the suites, and comparisons that say what differs instead of printing two long texts.

export const lines = text => text.split('\n').filter(line => line !== '')

const shown = value => {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 120 ? `${text.slice(0, 120)}… (${text.length} characters)` : text
}

/** Throws with the first difference. */
export function mustEqual(actual, expected, what) {
  if (actual.length !== expected.length) {
    const end = actual.length < expected.length ? expected[actual.length] : actual[expected.length]
    throw new Error(`${what}: ${actual.length} instead of ${expected.length}; beginning with ${shown(end)}`)
  }
  const at = actual.findIndex((value, index) => value !== expected[index])
  if (at < 0) return
  throw new Error(`${what}: at ${at} ${shown(actual[at])} instead of ${shown(expected[at])}`)
}

export function must(condition, sentence) {
  if (!condition) throw new Error(sentence)
}

/** `key:value` lines that compress well and differ from each other. */
export function numbered(count, label) {
  return Array.from(
    { length: count },
    (_, index) => `k${index}:${label} value ${index} ${'x'.repeat(index % 50)}`
  )
}
