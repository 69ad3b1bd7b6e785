// Gets the memory of an oversize block to a thread that only has its reference: whoever pops a request from a shared queue
// is not known to whoever pushed it, and a SharedArrayBuffer does not fit into a slot.
import type { Arena, BlockRef } from './arena.js'
import type { Mesh } from './mesh.js'

const wanted = 'arena.wanted'
const given = 'arena.given'

/** The bytes of any block: at once when this thread can see them, else after asking the owner. Rejects when it was released. */
export type Obtain = (ref: BlockRef) => Buffer | Promise<Buffer>

interface Waiting {
  resolve(view: Buffer): void
  reject(error: Error): void
}

/** Once on every thread. */
export function exchangeOversize(arena: Arena, mesh: Mesh): Obtain {
  const waiting = new Map<string, Waiting[]>()
  const keyOf = ({ region, block, generation }: BlockRef): string => `${region}/${block}/${generation}`
  mesh.register(wanted, (message, from) => {
    const memory = arena.memoryOf(message as BlockRef)
    mesh.send(from, given, message, memory === undefined ? [] : [memory])
  })
  mesh.register(given, (message, _, [memory]) => {
    const ref = message as BlockRef
    const askers = waiting.get(keyOf(ref)) ?? []
    waiting.delete(keyOf(ref))
    if (memory !== undefined) arena.adopt(ref, memory)
    for (const asker of askers) {
      if (memory === undefined) asker.reject(new Error('the block was released meanwhile'))
      else asker.resolve(arena.view(ref))
    }
  })
  return ref => {
    if (ref.offset >= 0 || arena.memoryOf(ref) !== undefined) return arena.view(ref)
    return new Promise<Buffer>((resolve, reject) => {
      const key = keyOf(ref)
      const askers = waiting.get(key)
      if (askers !== undefined) {
        askers.push({ resolve, reject })
        return
      }
      waiting.set(key, [{ resolve, reject }])
      mesh.send(arena.ownerOf(ref), wanted, ref)
    })
  }
}
