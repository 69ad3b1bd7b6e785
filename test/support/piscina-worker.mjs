// A worker of a Piscina as the recipe in shared-runtime.ts has it: a boot task that lasts as long as the broker, and loops.
import { workerData as given } from 'node:worker_threads'
import { workerData } from 'piscina'

const { built, shared } = workerData ?? given[0]
const { attachRuntime } = await import(`${built}actors/runtime/shared-runtime.js`)
const { asking } = await import(`${built}actors/runtime/mesh.js`)

let runtime
let stop
const booted = Promise.withResolvers?.() ?? withResolvers()
const stopped = new Promise(resolve => {
  stop = resolve
})
function withResolvers() {
  const made = {}
  made.promise = new Promise(resolve => {
    made.resolve = resolve
  })
  return made
}

export default async function run(task) {
  if (task.kind === 'boot') {
    if (runtime !== undefined) throw new Error('two boot tasks on one worker')
    runtime = attachRuntime(shared, task.thread, task.ports)
    asking(runtime.mesh).answer('thread', () => runtime.thread)
    runtime.mesh.register('stop', stop)
    booted.resolve()
    await stopped
    runtime.detach()
    return task.thread
  }
  await booted.promise
  runtime.mesh.send(0, 'loop', null)
  await stopped
  return runtime.thread
}
