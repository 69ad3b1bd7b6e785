// The timeout of CreateTopics and its siblings: the work goes on, only the answer does not wait for it.

import type { Timers } from '../runtime/timers.js'

/** Starts a timer of so many ms; the result stops it. */
export type After = Timers['after']

/**
 * 'done' when `work` ended within `timeoutMs`, else 'late'. With a timeout of 0 or less the answer is 'late' as soon as
 * the request is recorded. A failure of the work is the caller's.
 */
export async function answerInTime(
  work: Promise<void>,
  recorded: Promise<void>,
  timeoutMs: number,
  after: After
): Promise<'done' | 'late'> {
  if (timeoutMs <= 0) {
    await Promise.race([recorded, work])
    // The work may fail later; whoever owns it is told by its own means.
    work.catch(() => undefined)
    return 'late'
  }
  let stop = (): void => undefined
  const late = new Promise<'late'>(resolve => {
    stop = after(timeoutMs, () => resolve('late'))
  })
  try {
    return await Promise.race([work.then(() => 'done' as const), late])
  } finally {
    stop()
    work.catch(() => undefined)
  }
}
