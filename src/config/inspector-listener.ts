// `inspector.listener`: an http address of this machine, or nothing.

export interface InspectorListener {
  /** As `listen` takes it: without the brackets of an IPv6 address. */
  readonly host: string
  /** 0 = any free one. */
  readonly port: number
}

const pattern = /^http:\/\/(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):(\d{1,5})\/?$/

/** Undefined: off. The text has passed its check. */
export function inspectorListenerOf(text: string): InspectorListener | undefined {
  const [, host = '', port = ''] = pattern.exec(text.trim()) ?? []
  return host === '' ? undefined : { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
}

/** Why it cannot be that; undefined when it can. */
export function inspectorListenerReason(text: string): string | undefined {
  if (text.trim() === '') return undefined
  const listener = inspectorListenerOf(text)
  if (listener === undefined) return 'it has the form http://host:port, or is empty'
  return listener.port > 65_535 ? 'a port is at most 65535' : undefined
}
