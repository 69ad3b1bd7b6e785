// Goal: what Kafka's SocketServerTest and SelectorTest ask of connections, for what exists here. Method: the whole network
// layer on one thread; where a test decides itself when a request is answered, it takes requests from the channel.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { garbageSender, halfCloser, reset, slowReader } from '../../support/peers/ill-behaved.js'
import { Peer, requestFrame } from '../../support/peers/peer.js'
import { type EchoServer, echo, echoOf, startEcho } from './echo-server.js'
import { nextRequest, noRequest, until } from './waiting.js'

const channelsOf = (server: EchoServer) => server.processors.flatMap(({ channels }) => channels)

function header(size: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(size)
  return bytes
}

test.each([
  ['a negative size', header(-5)],
  ['a size of zero', header(0)],
  ['a size above socket.request.max.bytes', header(10_001)],
  ['an unknown api key', Buffer.concat([header(10), Buffer.from('7fff0000000000010000', 'hex')])],
  ['a header that ends too soon', Buffer.concat([header(3), Buffer.from('000c00', 'hex')])],
  ['text of another protocol', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')]
])('%s closes that connection and no other', async (_, bytes) => {
  await using server = await startEcho({ processors: { maxRequestBytes: 10_000 } })
  const bystander = await Peer.connect(server.port)
  await garbageSender(server.port, bytes)
  expect((await bystander.ask(1, 'still here')).toString()).toBe('still here')
  expect(server.network.connections).toBe(1)
  expect(server.runtime.arena.used).toBe(0)
  bystander.close()
})

test('a request names its connection, with an index that grows', async () => {
  await using server = await startEcho({ handlers: 0 })
  for (let index = 0; index < 3; index++) {
    const peer = await Peer.connect(server.port)
    peer.send(1, 'x')
    const { connection, clientId } = await nextRequest(server)
    const { localPort } = peer.socket
    expect(connection.id).toBe(`127.0.0.1:${server.port}-127.0.0.1:${localPort}-${index}`)
    expect([connection.listener, connection.clientHost, connection.clientPort, clientId]).toEqual([
      'PLAINTEXT',
      '127.0.0.1',
      localPort,
      'peer'
    ])
    peer.close()
  }
})

test('the software a client names in ApiVersions is known from its next request on', async () => {
  await using server = await startEcho({ handlers: 0 })
  const peer = await Peer.connect(server.port)
  const body = Buffer.from('0012000300000001000170000561626364' + '04312e3000', 'hex')
  peer.socket.write(Buffer.concat([header(body.length), body]))
  const first = await nextRequest(server)
  expect([first.apiKey, first.connection.softwareName]).toEqual([18, 'unknown'])
  server.channel.sendResponse(first, { kind: 'noOp' })
  peer.send(2, 'x')
  const second = await nextRequest(server)
  expect([second.connection.softwareName, second.connection.softwareVersion]).toEqual(['abcd', '1.0'])
  peer.close()
})

test('while a request is in flight the next one of its connection is not handed on', async () => {
  await using server = await startEcho({ handlers: 0 })
  const peer = await Peer.connect(server.port)
  peer.send(1, 'one')
  peer.send(2, 'two')
  const one = await nextRequest(server)
  expect(await noRequest(server)).toBe(true)
  expect(channelsOf(server)[0]?.muteState).toBe('mutedAndResponsePending')
  echo(one, server.channel)
  const two = await nextRequest(server)
  expect(two.correlationId).toBe(2)
  echo(two, server.channel)
  await peer.received(2)
  await until(() => channelsOf(server)[0]?.muteState === 'notMuted', 'it is read again')
  peer.close()
})

test('requests that want no answer flow one by one, and nothing is sent', async () => {
  await using server = await startEcho({
    respond: (request, channel) => {
      request.release()
      channel.sendResponse(request, request.correlationId === 9 ? echoOf(request) : { kind: 'noOp' })
    }
  })
  const peer = await Peer.connect(server.port)
  for (let i = 0; i < 10; i++) peer.send(i, `x${i}`)
  const answers = await peer.received(1)
  expect(answers.map(({ correlationId }) => correlationId)).toEqual([9])
  expect(server.completed.map(({ responseBytes }) => responseBytes > 0)).toEqual([
    ...Array(9).fill(false),
    true
  ])
  peer.close()
})

test('a handler may close the connection instead of answering', async () => {
  await using server = await startEcho({
    respond: (request, channel) =>
      channel.sendResponse(request, { kind: 'closeConnection', reason: 'as a test' })
  })
  const peer = await Peer.connect(server.port)
  peer.send(1, 'x')
  await peer.closed
  await until(() => server.network.connections === 0, 'it is taken off the count')
  expect(server.completed).toHaveLength(1)
})

test('answering a request twice ends its connection and no other', async () => {
  await using server = await startEcho({ handlers: 0 })
  const [peer, bystander] = [await Peer.connect(server.port), await Peer.connect(server.port)]
  peer.send(1, 'x')
  const request = await nextRequest(server)
  server.channel.sendResponse(request, echoOf(request))
  server.channel.sendResponse(request, echoOf(request))
  await peer.closed
  bystander.send(2, 'y')
  echo(await nextRequest(server), server.channel)
  expect((await bystander.received(1))[0]?.body.toString()).toBe('y')
  bystander.close()
})

test.each([
  ['send', 'response first'],
  ['send', 'delay first'],
  ['noOp', 'response first'],
  ['noOp', 'delay first']
] as const)('a throttled connection with a %s, %s, is read again after both', async (kind, order) => {
  await using server = await startEcho({ handlers: 0 })
  const peer = await Peer.connect(server.port)
  peer.send(1, 'x')
  peer.send(2, 'y')
  const request = await nextRequest(server)
  const respond = () => server.channel.sendResponse(request, kind === 'send' ? echoOf(request) : { kind })
  const end = () => server.channel.sendResponse(request, { kind: 'endThrottling' })
  server.channel.sendResponse(request, { kind: 'startThrottling', forMs: 50 })
  const [first, second] = order === 'response first' ? [respond, end] : [end, respond]
  first()
  if (kind === 'send' && order === 'response first') await peer.received(1)
  expect(await noRequest(server)).toBe(true)
  expect(channelsOf(server)[0]?.muteState).toBe(
    order === 'response first' ? 'mutedAndThrottled' : 'mutedAndResponsePending'
  )
  second()
  expect((await nextRequest(server)).correlationId).toBe(2)
  peer.close()
})

test('the end of a throttling whose connection is gone is ignored', async () => {
  await using server = await startEcho({ handlers: 0 })
  const peer = await Peer.connect(server.port)
  peer.send(1, 'x')
  const request = await nextRequest(server)
  server.channel.sendResponse(request, { kind: 'startThrottling', forMs: 50 })
  server.channel.sendResponse(request, { kind: 'noOp' })
  await until(() => channelsOf(server)[0]?.muteState === 'mutedAndThrottled', 'it is throttled')
  reset(peer)
  await until(() => server.network.connections === 0, 'the reset is noticed')
  server.channel.sendResponse(request, { kind: 'endThrottling' })
  const other = await Peer.connect(server.port)
  other.send(2, 'y')
  echo(await nextRequest(server), server.channel)
  await other.received(1)
  other.close()
})

test('ten requests sent before the client closed all reach the queue', async () => {
  await using server = await startEcho({ handlers: 0 })
  const peer = await Peer.connect(server.port)
  peer.socket.end(Buffer.concat(Array.from({ length: 10 }, (_, i) => requestFrame(i, 'last words'))))
  const seen: number[] = []
  for (let i = 0; i < 10; i++) {
    const request = await nextRequest(server)
    seen.push(request.correlationId)
    request.release()
    server.channel.sendResponse(request, { kind: 'noOp' })
  }
  expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  await until(() => server.network.connections === 0, 'then it is closed')
})

test('a client that ends its side only gets all its answers first', async () => {
  await using server = await startEcho()
  const peer = await halfCloser(server.port, 5)
  const answers = await peer.received(5)
  expect(answers.map(({ body }) => body.toString())).toEqual([0, 1, 2, 3, 4].map(i => `half ${i}`))
  await peer.closed
  await until(() => server.network.connections === 0, 'then it is closed')
  peer.close()
})

test('the beginning of a request does not keep a connection whose client has left', async () => {
  await using server = await startEcho()
  const peer = await Peer.connect(server.port)
  peer.socket.end(requestFrame(1, 'a body that never ends').subarray(0, 20))
  await until(() => server.network.connections === 0, 'it is closed')
  expect(server.runtime.arena.used).toBe(0)
  peer.close()
})

test('buffered requests of a reset connection are handled until one of them answers', async () => {
  await using server = await startEcho({ handlers: 0 })
  const peer = await Peer.connect(server.port)
  peer.socket.write(Buffer.concat([0, 1, 2, 3].map(i => requestFrame(i, 'x'))))
  const first = await nextRequest(server)
  await until(() => channelsOf(server)[0]?.hasWholeFrame === true, 'the others are buffered')
  // Reading is switched off now; the reset shows when something is written.
  reset(peer)
  await sleep(20)
  server.channel.sendResponse(first, { kind: 'noOp' })
  const second = await nextRequest(server)
  expect(second.correlationId).toBe(1)
  second.release()
  first.release()
  server.channel.sendResponse(second, echoOf(second))
  await until(() => server.network.connections === 0, 'a failed answer ends it')
  expect(await noRequest(server)).toBe(true)
  expect(server.completed).toHaveLength(2)
  expect(server.runtime.arena.used).toBe(0)
})

test.each(['nothing', 'a request in flight', 'more requests in flight'])(
  'an idle connection with %s is closed, and nothing of it arrives afterwards',
  async what => {
    await using server = await startEcho({ handlers: 0, processors: { maxIdleMs: 40 } })
    const peer = await Peer.connect(server.port)
    const requests = what === 'nothing' ? 0 : what === 'a request in flight' ? 1 : 3
    for (let i = 0; i < requests; i++) peer.send(i, 'x')
    const request = requests > 0 ? await nextRequest(server) : undefined
    await peer.closed
    await until(() => server.network.connections === 0, 'it is taken off the count')
    expect(await noRequest(server)).toBe(true)
    if (request !== undefined) {
      echo(request, server.channel)
      await until(() => server.completed.length === 1, 'the late answer still counts in the metrics')
      expect(server.completed[0]?.responseBytes).toBe(0)
    }
    expect(server.runtime.arena.used).toBe(0)
  }
)

test('the least recently used connection expires, a used one does not', async () => {
  await using server = await startEcho({ processors: { maxIdleMs: 150 } })
  const idle = await Peer.connect(server.port)
  const busy = await Peer.connect(server.port)
  let over = false
  void idle.closed.then(() => {
    over = true
  })
  for (let i = 0; !over; i++) {
    await busy.ask(i, 'x')
    await sleep(20)
  }
  expect((await busy.ask(1000, 'alive')).toString()).toBe('alive')
  busy.close()
})

test('without connections.max.idle.ms nothing expires', async () => {
  await using server = await startEcho({ processors: { maxIdleMs: -1 } })
  const peer = await Peer.connect(server.port)
  await sleep(60)
  expect((await peer.ask(1, 'x')).toString()).toBe('x')
  peer.close()
})

test('a client that does not read keeps only its own answer waiting', async () => {
  await using server = await startEcho()
  const slow = await slowReader(server.port)
  const body = Buffer.alloc(8 * 1024 * 1024, 7)
  for (let i = 0; i < 4; i++) slow.send(i, body)
  await until(
    () => channelsOf(server).some(({ exchange }) => exchange.isWriting),
    'its answer does not fit into the socket'
  )
  const other = await Peer.connect(server.port)
  for (let i = 0; i < 50; i++) await other.ask(i, 'x')
  expect(channelsOf(server).filter(({ exchange }) => exchange.isWriting)).toHaveLength(1)
  slow.socket.resume()
  const answers = await slow.received(4)
  expect(answers.every(answer => answer.body.equals(body))).toBe(true)
  other.close()
  slow.close()
})

test('a client that leaves in the middle of its answer costs nobody else anything', async () => {
  await using server = await startEcho()
  const slow = await slowReader(server.port)
  slow.send(1, Buffer.alloc(16 * 1024 * 1024))
  await until(
    () => channelsOf(server).some(({ exchange }) => exchange.isWriting),
    'its answer is being written'
  )
  reset(slow)
  await until(() => server.network.connections === 0, 'it is gone')
  expect(server.completed).toHaveLength(1)
  const other = await Peer.connect(server.port)
  expect((await other.ask(1, 'x')).toString()).toBe('x')
  other.close()
})
