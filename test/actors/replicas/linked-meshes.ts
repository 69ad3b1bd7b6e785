// Threads 1 .. n as meshes of one process: messages are cloned as they would be between threads, order is kept.
import { Packr } from 'msgpackr'
import { type Mesh, Receivers } from '../../../src/actors/runtime/mesh.js'

const packr = new Packr({ moreTypes: true })

export function linkedMeshes(workers: number): Mesh[] {
  const threads = Array.from({ length: workers + 1 }, (_, i) => i)
  const receivers = threads.map(() => new Receivers())
  return threads.map(self => ({
    self,
    threads,
    send(to, actor, message, shared = []) {
      const copy = to === self ? message : packr.unpack(packr.pack(message))
      queueMicrotask(() => receivers[to]?.deliver(actor, copy, self, shared))
    },
    register: (actor, deliver) => receivers[self]?.register(actor, deliver),
    unregister: actor => receivers[self]?.unregister(actor)
  }))
}
