// Runs long work in slices, so that no handler holds its thread's sockets up for longer than the budget.
import { systemClock } from './clock.js'
import { yieldToLoop } from './timers.js'

/** Work that stops to breathe: `yield` = may be interrupted here, `yield promise` = wait for it. */
export type Steps<T> = Generator<Promise<unknown> | undefined, T, unknown>

/**
 * Synchronous when the work ends within the budget (milliseconds) and waits for nothing, else a promise. The value of
 * a yielded promise is what `yield` returns; a rejected one is thrown into the generator.
 */
export function cooperate<T>(steps: Steps<T>, budgetMs = 2): T | Promise<T> {
  const end = systemClock.monotonicMs() + budgetMs
  for (;;) {
    const step = steps.next(undefined)
    if (step.done === true) return step.value
    if (step.value !== undefined) return carryOn(steps, step.value, budgetMs)
    if (systemClock.monotonicMs() >= end) return carryOn(steps, yieldToLoop(), budgetMs)
  }
}

async function carryOn<T>(steps: Steps<T>, first: Promise<unknown>, budgetMs: number): Promise<T> {
  let wait: Promise<unknown> = first
  for (;;) {
    let step: IteratorResult<Promise<unknown> | undefined, T>
    const settled = await outcomeOf(wait)
    const end = systemClock.monotonicMs() + budgetMs
    step = settled.ok ? steps.next(settled.value) : steps.throw(settled.error)
    while (step.done !== true && step.value === undefined && systemClock.monotonicMs() < end)
      step = steps.next(undefined)
    if (step.done === true) return step.value
    wait = step.value ?? yieldToLoop()
  }
}

type Settled =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: unknown }

async function outcomeOf(promise: Promise<unknown>): Promise<Settled> {
  try {
    return { ok: true, value: await promise }
  } catch (error) {
    return { ok: false, error }
  }
}
