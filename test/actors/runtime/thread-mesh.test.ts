// Goal: messages between threads arrive once, in order, with their types, also when rings are full, messages are long or
// memory goes along; and the recipe for piscina gives each worker its number and each loop its share.
// Method: an echo on two real workers; a real Piscina.
import { setTimeout as sleep } from 'node:timers/promises'
import { Piscina } from 'piscina'
import { afterEach, expect, test } from 'vitest'
import { asking } from '../../../src/actors/runtime/mesh.js'
import {
  attachRuntime,
  createSharedRuntime,
  type Runtime
} from '../../../src/actors/runtime/shared-runtime.js'
import { builtRuntime } from '../../support/built.js'
import { type RoleWorker, startRole } from './worker.js'

let runtime: Runtime | undefined
let workers: RoleWorker[] = []

async function startEchoes(meshRingBytes: number): Promise<Runtime> {
  const { shared, mainPorts, bootTasks } = createSharedRuntime({
    workers: 2,
    networkThreads: [0],
    poolBytes: -1,
    meshRingBytes
  })
  workers = bootTasks.map(({ thread, ports, transferList }) =>
    startRole('meshEcho', { shared, thread, ports }, [...transferList])
  )
  await Promise.all(workers.map(({ up }) => up))
  runtime = attachRuntime(shared, 0, mainPorts)
  return runtime
}

afterEach(async () => {
  for (const [i] of workers.entries()) runtime?.mesh.send(i + 1, 'stop', null)
  await Promise.all(workers.map(({ done }) => done))
  runtime?.detach()
  workers = []
})

test('messages come back in order from two threads through rings that overflow', async () => {
  const { mesh } = await startEchoes(1024)
  const count = 3000
  const seen = new Map<number, number[]>([
    [1, []],
    [2, []]
  ])
  await new Promise<void>(resolve => {
    let left = count * 2
    mesh.register('echoed', (message, from, shared) => {
      const { n, text, memory } = message as { n: number; text: string; memory: boolean }
      expect(text.length).toBe(n % 100 === 0 ? 5000 : n % 7)
      expect(shared.length).toBe(memory ? 1 : 0)
      if (shared[0] !== undefined) expect(new Int32Array(shared[0])[0]).toBe(n)
      seen.get(from)?.push(n)
      if (--left === 0) resolve()
    })
    for (let n = 0; n < count; n++) {
      const memory = n % 50 === 0 ? [new SharedArrayBuffer(4)] : []
      if (memory[0] !== undefined) new Int32Array(memory[0])[0] = n
      const message = { n, text: 'x'.repeat(n % 100 === 0 ? 5000 : n % 7), memory: memory.length > 0 }
      mesh.send(1, 'echo', message, memory)
      mesh.send(2, 'echo', message, memory)
    }
  })
  const inOrder = Array.from({ length: count }, (_, n) => n)
  expect(seen.get(1)).toEqual(inOrder)
  expect(seen.get(2)).toEqual(inOrder)
})

test('plain data keeps its types, and questions are answered or refused', async () => {
  const { mesh } = await startEchoes(64 * 1024)
  const message = {
    big: 2n ** 62n,
    small: 5n,
    bytes: Buffer.from('abc'),
    map: new Map([['a', { b: [1, -1, 2 ** 40, 0.5] }]]),
    set: new Set([1]),
    none: null,
    missing: undefined,
    yes: true
  }
  const back = await new Promise(resolve => {
    mesh.register('echoed', resolve)
    mesh.send(1, 'echo', message)
  })
  expect(back).toEqual(message)
  const { ask } = asking(mesh)
  expect(await Promise.all([ask<number>(1, 'double', 4), ask<number>(2, 'double', 5)])).toEqual([8, 10])
  await expect(ask(1, 'double', 'four')).rejects.toThrow('not a number')
})

test('an oversize block of another thread is fetched from its owner', async () => {
  const { mesh, arena } = await startEchoes(64 * 1024)
  const block = arena.allocate(2 * 1024 * 1024)
  block?.view.write('far')
  const { ask } = asking(mesh)
  expect(await ask(1, 'firstBytes', block?.ref)).toBe('far')
  expect(arena.used).toBe(0)
  await expect(ask(2, 'firstBytes', block?.ref)).rejects.toThrow('released')
})

test('piscina gives one boot task to each worker and spreads long loops evenly with nothing queued', async () => {
  const W = 2
  const loops = 8
  const { shared, mainPorts, bootTasks } = createSharedRuntime({
    workers: W,
    networkThreads: [0],
    poolBytes: -1
  })
  const pool = new Piscina({
    filename: new URL('../../support/piscina-worker.mjs', import.meta.url).href,
    minThreads: W,
    maxThreads: W,
    concurrentTasksPerWorker: 1024,
    atomics: 'disabled',
    workerData: { built: builtRuntime(), shared }
  })
  const ends = bootTasks.map(({ thread, ports, transferList }) =>
    pool.run({ kind: 'boot', thread, ports }, { transferList: [...transferList] })
  )
  runtime = attachRuntime(shared, 0, mainPorts)
  const { mesh } = runtime
  const threads: number[] = []
  mesh.register('loop', (_, from) => void threads.push(from))
  for (let i = 0; i < loops; i++) ends.push(pool.run({ kind: 'loop' }))
  for (let i = 0; i < 200 && threads.length < loops; i++) await sleep(10)
  expect(pool.queueSize).toBe(0)
  expect([...threads].sort()).toEqual([1, 1, 1, 1, 2, 2, 2, 2])
  const { ask } = asking(mesh)
  // The loops hold no timer: a worker that waits on its doorbell alone stays alive and answers.
  await sleep(300)
  expect(await ask(1, 'thread', null)).toBe(1)
  expect(await ask(2, 'thread', null)).toBe(2)
  for (let thread = 1; thread <= W; thread++) mesh.send(thread, 'stop', null)
  await Promise.all(ends)
  await pool.close()
})
