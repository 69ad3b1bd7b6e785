// What the runtime costs between two threads: node bench/runtime/runtime.mjs [folder of the build, default dist/].
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

const built = process.argv[2] ?? new URL('../../dist/', import.meta.url).href
const at = name => import(`${built}actors/runtime/${name}.js`)
const { createRing, Ring } = await at('ring')
const { createDoorbells, Doorbell } = await at('doorbell')
const { createArena, Arena } = await at('arena')
const { createSharedRuntime, attachRuntime } = await at('shared-runtime')
const { asking } = await at('mesh')

const script = new URL('./worker.mjs', import.meta.url)
async function start(role, data = {}, transferList = []) {
  const worker = new Worker(script, { workerData: { built, role, ...data }, transferList })
  await once(worker, 'message')
  return worker
}
function measure() {
  const cpu = process.cpuUsage()
  const begin = performance.now()
  return count => {
    const us = (performance.now() - begin) * 1000
    const { user, system } = process.cpuUsage(cpu)
    return `${(us / count).toFixed(2)} us wall, ${((user + system) / count).toFixed(2)} us CPU of both threads`
  }
}

async function ringThroughput(total) {
  const doorbells = createDoorbells(2)
  const shared = createRing('bench', 512, { ints: 8, floats: 2 })
  const worker = await start('ring', { ring: shared, doorbells, total })
  const ring = new Ring(shared)
  const other = new Doorbell(doorbells, 1)
  const mine = new Doorbell(doorbells, 0)
  const done = once(worker, 'message')
  const end = measure()
  let sent = 0
  const write = (ints, i, floats, f) => {
    ints[i] = sent
    floats[f] = sent
  }
  const cancel = mine.onRing(fill)
  function fill() {
    const before = sent
    while (sent < total && ring.tryPush(write)) sent++
    if (sent > before) other.ring()
  }
  fill()
  await done
  console.log(`ring, push and pop across threads:        ${end(total)}`)
  cancel()
  await worker.terminate()
}

async function postMessageThroughput(total) {
  const worker = await start('postMessage')
  const done = once(worker, 'message')
  const end = measure()
  for (let n = 0; n < total; n++) worker.postMessage(n)
  worker.postMessage(-1)
  await done
  console.log(`postMessage of a number:                  ${end(total)}`)
  await worker.terminate()
}

async function meshAndBell(rounds) {
  const { shared, mainPorts, bootTasks } = createSharedRuntime({
    workers: 1,
    networkThreads: [0],
    poolBytes: -1
  })
  const [{ ports, transferList }] = bootTasks
  const worker = await start('mesh', { shared, ports }, transferList)
  const { mesh, doorbell, doorbellOf, detach } = attachRuntime(shared, 0, mainPorts)
  const { ask } = asking(mesh)
  for (let n = 0; n < 2000; n++) await ask(1, 'same', n)
  let end = measure()
  for (let n = 0; n < rounds; n++) await ask(1, 'same', { n, topic: 'orders', partition: 3 })
  console.log(`mesh, ask and answer, one at a time:      ${end(rounds)}`)
  end = measure()
  for (let n = 0; n < rounds; n += 100) {
    await Promise.all(
      Array.from({ length: 100 }, (_, i) => ask(1, 'same', { n: n + i, topic: 'orders', partition: 3 }))
    )
  }
  console.log(`mesh, ask and answer, 100 at a time:      ${end(rounds)}`)
  mesh.send(1, 'bells', null)
  await ask(1, 'same', 0)
  await new Promise(resolve => setTimeout(resolve, 20))
  end = measure()
  let turns = 0
  await new Promise(resolve => {
    doorbell.onRing(() => {
      if (++turns > rounds) resolve()
      else doorbellOf(1).ring()
    })
    doorbellOf(1).ring()
  })
  console.log(`doorbell, there and back (two wake-ups):  ${end(rounds)}`)
  detach()
  await worker.terminate()
}

function arenaCost(rounds) {
  const doorbells = createDoorbells(1)
  const before = process.memoryUsage.rss()
  const arena = new Arena(createArena({ poolBytes: 2 ** 27, networkThreads: [0] }), 0, doorbells)
  const reserved = process.memoryUsage.rss() - before
  for (let n = 0; n < 50_000; n++) arena.allocate(1 + (n % 70_000))?.release()
  const begin = performance.now()
  for (let n = 0; n < rounds; n++) arena.allocate(1 + (n % 70_000))?.release()
  const ns = ((performance.now() - begin) * 1e6) / rounds
  console.log(`arena, allocate with view and release:    ${ns.toFixed(0)} ns`)
  console.log(`arena, RSS of a new region of 64 MiB    : ${(reserved / 2 ** 20).toFixed(1)} MiB`)
}

await ringThroughput(2_000_000)
await postMessageThroughput(300_000)
await meshAndBell(20_000)
arenaCost(1_000_000)
