// What may go wrong on our side of the wire. Kafka's own error codes are in protocol/error-codes.ts.

/** A broken promise of our own code. Never used for input; it stops the broker. */
export class Bug extends Error {
  override readonly name = 'Bug'
}

/** Something the operator can repair: printed as one line that names the key or the path, never with a stack. */
export class StartupError extends Error {
  override readonly name = 'StartupError'
}

export function invariant(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Bug(sentence)
}

export function required<T>(value: T | undefined | null, sentence: string): T {
  if (value === undefined || value === null) throw new Bug(sentence)
  return value
}

/** Makes a `switch` over a union exhaustive: a new variant does not compile until it is handled. */
export function unreachable(value: never): never {
  throw new Bug(`unreachable: ${JSON.stringify(value)}`)
}

export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
