// What a broker that has stopped still holds: there should be nothing.
import type { Broker } from '../actors/broker/broker.js'
import { type MailboxGauge, mailboxes } from '../actors/runtime/mailbox.js'
import type { SimulatedDisk } from './disk.js'
import type { SimulatedNetwork } from './network.js'
import type { SimulatedProcess } from './process.js'

export interface Stopped {
  readonly process: SimulatedProcess
  readonly broker: Broker
  readonly disk: SimulatedDisk
  readonly network: SimulatedNetwork
  /** Those that others had opened. */
  readonly mailboxesBefore: ReadonlySet<MailboxGauge>
}

/** Phrases; none: nothing is left. */
export function leftOver({ process, broker, disk, network, mailboxesBefore }: Stopped): string[] {
  const left: string[] = []
  const note = (what: string, found: readonly string[]): void => {
    if (found.length > 0) left.push(`${what}: ${found.join(', ')}`)
  }
  const count = (what: string, found: number | undefined): void => {
    if (found !== undefined && found !== 0) left.push(`${found} ${what}`)
  }
  const opened = mailboxes().filter(mailbox => !mailboxesBefore.has(mailbox))
  const { threads, network: server } = broker.parts
  note('descriptors', network.descriptors.list)
  note('files', disk.openFiles)
  note('locks', disk.locks)
  note(
    'mailboxes',
    opened.map(({ name }) => name)
  )
  count('timers or callbacks', process.outstanding)
  count('bytes of requests', threads?.main.arena.used)
  count('queued requests', threads?.channel.depth)
  count('counted connections', server?.connections)
  return left
}
