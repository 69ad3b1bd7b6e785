// A worker thread for the tests and benches of the runtime: plays the role that workerData names. `built` is the folder of
// built.ts (or dist/), so that this file needs no compiling.
import { parentPort, workerData } from 'node:worker_threads'

const { built, role } = workerData
const at = name => import(`${built}actors/runtime/${name}.js`)
const { soon, keepThreadAlive } = await at('timers')
const yieldToLoop = () => new Promise(resolve => soon(resolve))

const roles = {
  /** Pushes count messages (producer, number). */
  async ringProducer({ ring, producer, count }) {
    const { Ring } = await at('ring')
    const queue = new Ring(ring)
    for (let n = 0; n < count; ) {
      const pushed = queue.tryPush((ints, i, floats, f) => {
        ints[i] = producer
        ints[i + 1] = n
        floats[f] = n + 0.5
      })
      if (pushed) n++
      else await yieldToLoop()
    }
  },
  /** Notes what it takes in its part of `seen`: producer and number in turn; ends when `taken` reaches `total`. */
  async ringConsumer({ ring, seen, taken, total, pauseEvery = 0 }) {
    const { Ring } = await at('ring')
    const queue = new Ring(ring)
    const notes = new Int32Array(seen)
    const counter = new Int32Array(taken)
    let mine = 0
    while (Atomics.load(counter, 0) < total) {
      const popped = queue.tryPop((ints, i, floats, f) => {
        notes[1 + 2 * mine] = ints[i]
        notes[2 + 2 * mine] = floats[f] === ints[i + 1] + 0.5 ? ints[i + 1] : -1
      })
      if (popped) {
        mine++
        Atomics.store(notes, 0, mine)
        Atomics.add(counter, 0, 1)
        if (pauseEvery > 0 && mine % pauseEvery === 0) await yieldToLoop()
      } else await yieldToLoop()
    }
  },
  /** Answers every ring of its bell by one of the parent's, until told to stop. */
  async bellEcho({ doorbells, word }) {
    const { Doorbell } = await at('doorbell')
    const words = new Int32Array(word)
    const parent = new Doorbell(doorbells, 0)
    const mine = new Doorbell(doorbells, 1)
    const alive = keepThreadAlive()
    await new Promise(resolve => {
      const cancel = mine.onRing(() => {
        const seen = Atomics.load(words, 0)
        if (seen < 0) {
          cancel()
          resolve()
        } else if (seen !== Atomics.load(words, 1)) {
          Atomics.store(words, 1, seen)
          parent.ring()
        }
      })
    })
    alive()
  },
  /** Takes blocks from a ring, checks their bytes, gives them back. */
  async arenaReleaser({ arena, doorbells, ring, total, thread, faults }) {
    const { Ring } = await at('ring')
    const { Arena } = await at('arena')
    const memory = new Arena(arena, thread, doorbells)
    const queue = new Ring(ring)
    const wrong = new Int32Array(faults)
    let ref
    while (Atomics.load(wrong, 1) < total) {
      const popped = queue.tryPop((ints, i) => {
        ref = {
          region: ints[i],
          block: ints[i + 1],
          generation: ints[i + 2],
          offset: ints[i + 3],
          bytes: ints[i + 4]
        }
      })
      if (!popped) {
        await yieldToLoop()
        continue
      }
      const view = memory.view(ref)
      const mark = ref.generation & 0xff
      if (view[0] !== mark || view[view.length - 1] !== mark) Atomics.add(wrong, 0, 1)
      if (!memory.release(ref) || memory.release(ref)) Atomics.add(wrong, 0, 1)
      Atomics.add(wrong, 1, 1)
    }
  },
  /** One thread of a mesh that sends everything back to whoever sent it, and answers questions. */
  async meshEcho({ shared, thread, ports }) {
    const { attachRuntime } = await at('shared-runtime')
    const { asking } = await at('mesh')
    const runtime = attachRuntime(shared, thread, ports)
    const alive = keepThreadAlive()
    runtime.mesh.register('echo', (message, from, memory) =>
      runtime.mesh.send(from, 'echoed', message, memory)
    )
    asking(runtime.mesh).answer('double', n => {
      if (typeof n !== 'number') throw new Error('not a number')
      return n * 2
    })
    asking(runtime.mesh).answer('firstBytes', async ref => {
      const text = (await runtime.obtain(ref)).toString('latin1', 0, 3)
      runtime.arena.release(ref)
      return text
    })
    await new Promise(resolve => runtime.mesh.register('stop', resolve))
    runtime.detach()
    alive()
  }
}

parentPort.postMessage('up')
await roles[role](workerData)
parentPort.postMessage('done')
