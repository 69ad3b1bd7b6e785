/** Bytes that are no message of the protocol. A value, never thrown across the edge of this folder. */
export class ProtocolError {
  constructor(readonly reason: string) {}
}
