// Numbers that look random and are the same for the same seed (Mulberry32).

/** Whole numbers from 0 to below `below`. */
export type RandomBelow = (below: number) => number

export function seeded(seed: number): RandomBelow {
  let state = seed | 0
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return Math.floor((((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}
