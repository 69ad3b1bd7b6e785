// An action of a machine that is only a name and its parameters: the driver beside the machine carries it out.

/** `actions: { closeSocket: effect(), startTimer: effect<{ ms: number }>() }` inside XState's `setup()`. */
export const effect =
  <P = undefined>() =>
  (_: unknown, _params: P): void => {}
