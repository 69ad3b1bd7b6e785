// The other thread of runtime.mjs.
import { parentPort, workerData } from 'node:worker_threads'

const { built, role } = workerData
const at = name => import(`${built}actors/runtime/${name}.js`)
const { soon, keepThreadAlive } = await at('timers')

if (role === 'postMessage') {
  parentPort.on('message', n => {
    if (n === -1) parentPort.postMessage('done')
  })
} else if (role === 'ring') {
  const { Ring } = await at('ring')
  const { Doorbell } = await at('doorbell')
  const ring = new Ring(workerData.ring)
  const main = new Doorbell(workerData.doorbells, 0)
  const alive = keepThreadAlive()
  let seen = 0
  const drain = () => {
    let taken = 0
    while (taken < 10_000 && ring.tryPop(() => {})) taken++
    seen += taken
    if (taken > 0) main.ring()
    if (seen >= workerData.total) {
      cancel()
      alive()
      parentPort.postMessage('done')
    } else if (taken === 10_000) soon(drain)
  }
  let cancel = () => {}
  cancel = new Doorbell(workerData.doorbells, 1).onRing(drain)
} else if (role === 'mesh') {
  const { attachRuntime } = await at('shared-runtime')
  const { asking } = await at('mesh')
  const { mesh, doorbell, doorbellOf } = attachRuntime(workerData.shared, 1, workerData.ports)
  const alive = keepThreadAlive()
  asking(mesh).answer('same', value => value)
  mesh.register('stop', () => {
    alive()
    process.exit()
  })
  mesh.register('bells', () => doorbell.onRing(() => doorbellOf(0).ring()))
}
parentPort.postMessage('up')
