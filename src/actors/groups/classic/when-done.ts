import type { Eventually } from '../../replicas/partition-commands.js'

/** Now, or when it is done: an append waits only where the disk has to be waited for. */
export function whenDone<T>(value: Eventually<T>, next: (value: T) => void): void {
  if (value instanceof Promise) void value.then(next)
  else next(value)
}
