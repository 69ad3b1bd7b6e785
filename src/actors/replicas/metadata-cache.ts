// The newest metadata image of one thread, and how deltas reach all threads: a delta counts as published when every
// thread has applied it, so that a client that was told of a topic finds it on whatever connection it uses next.

import {
  applyDelta,
  emptyImage,
  type MetadataDelta,
  type MetadataImage
} from '../controller/metadata-image.js'
import { asking, type Mesh } from '../runtime/mesh.js'

const actor = 'metadata'

type Listener = (image: MetadataImage, delta: MetadataDelta) => void

export class MetadataCache {
  #image: MetadataImage = emptyImage
  readonly #listeners: Listener[] = []

  /** Immutable: a request that took it sees one state of the cluster. */
  get image(): MetadataImage {
    return this.#image
  }

  /** Runs after each delta, before it is acknowledged. */
  onApplied(listener: Listener): void {
    this.#listeners.push(listener)
  }

  apply(delta: MetadataDelta): void {
    this.#image = applyDelta(this.#image, delta)
    for (const listener of this.#listeners) listener(this.#image, delta)
  }
}

/** Lets the controller's deltas in, on every thread. */
export function receiveMetadata(mesh: Mesh, cache: MetadataCache): void {
  asking(mesh).answer(actor, delta => {
    cache.apply(delta as MetadataDelta)
    return cache.image.version
  })
}

/** The controller's side; resolves when every thread has applied the delta. */
export function publishMetadata(mesh: Mesh): (delta: MetadataDelta) => Promise<void> {
  return async delta => {
    await Promise.all(mesh.threads.map(thread => asking(mesh).ask<number>(thread, actor, delta)))
  }
}
