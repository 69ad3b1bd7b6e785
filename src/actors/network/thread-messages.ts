// What Acceptors and Processors tell each other, over the mesh: plain data, so that it does not matter which threads they
// are on. Descriptors belong to the process, not to a thread.
import type { AcceptedConnection } from './hand-over.js'
import type { ProcessorOptions } from './network-options.js'

export const mainActor = 'network.acceptors'
export const processorsActor = 'network.processors'

export interface ProcessorSpec {
  readonly processorId: number
  readonly listener: string
  readonly options: ProcessorOptions
  readonly newConnectionsCapacity: number
}

export type ToProcessors =
  | ({ readonly type: 'start' } & ProcessorSpec)
  | { readonly type: 'connect'; readonly processorId: number; readonly connection: AcceptedConnection }
  /** Close one connection: there are too many. */
  | { readonly type: 'shedOne'; readonly processorId: number }
  | { readonly type: 'stop'; readonly processorId: number }
  /** It has stopped, and others of its listener go on: nobody looks at it any more. */
  | { readonly type: 'forget'; readonly processorId: number }

export type FromProcessors =
  | { readonly type: 'taken'; readonly processorId: number; readonly count: number }
  | {
      readonly type: 'closed'
      readonly processorId: number
      readonly address: string
      /** Because of shedOne. */
      readonly asExcess: boolean
    }
  | { readonly type: 'nothingToClose'; readonly processorId: number }
  | { readonly type: 'stopped'; readonly processorId: number }
