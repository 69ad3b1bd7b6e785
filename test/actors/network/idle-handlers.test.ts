// Goal: nothing stays in the shared queue while a handler of any thread is idle. Method: the four threads' views of one
// queue in this thread; two of them ring for the same idle handler before it has looked.
import { expect, test } from 'vitest'
import { attachRequestChannel, shareRequestChannel } from '../../../src/actors/network/request-channel.js'
import { placementTable } from '../../../src/actors/runtime/placement.js'
import { attachRuntime, createSharedRuntime } from '../../../src/actors/runtime/shared-runtime.js'
import { yieldToLoop } from '../../../src/actors/runtime/timers.js'
import { until } from './waiting.js'

test('two that ring for the same idle handler wake two, though that handler takes only one request', async () => {
  const workers = 3
  const placement = placementTable('networkOnMain', workers)
  const { networkThreads } = placement
  const { shared, mainPorts, bootTasks } = createSharedRuntime({ workers, networkThreads, poolBytes: -1 })
  const runtimes = [
    attachRuntime(shared, 0, mainPorts),
    ...bootTasks.map(({ thread, ports }) => attachRuntime(shared, thread, ports))
  ]
  const requests = shareRequestChannel({ capacity: 10, threads: workers + 1 })
  const channels = runtimes.map(runtime => attachRequestChannel(requests, runtime, placement))
  const [main, first, second, third] = channels
  await yieldToLoop()
  let ended = 0
  for (const channel of [first, second]) void channel?.receiveRequest(60_000).then(() => ended++)
  await yieldToLoop()
  main?.sendShutdown()
  third?.sendShutdown()
  await until(() => ended === 2, 'both loops end')
  expect(main?.depth).toBe(0)
  for (const channel of channels) channel.close()
  for (const runtime of runtimes) runtime.detach()
})
