// Goal: a frame is whole when its last byte is there, however it was cut, and no byte of the next one is taken. Method:
// random cuts (fast-check) over an arena without threads.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Receive } from '../../../src/actors/network/receive.js'
import { attachRuntime, createSharedRuntime } from '../../../src/actors/runtime/shared-runtime.js'

function newReceive(poolBytes = -1, maxBytes = 1000) {
  const { shared } = createSharedRuntime({ workers: 0, networkThreads: [0], poolBytes })
  const { arena } = attachRuntime(shared, 0)
  return { arena, receive: new Receive({ maxBytes, allocate: bytes => arena.allocate(bytes) }) }
}

const framed = (body: Uint8Array): Buffer => {
  const prefix = Buffer.alloc(4)
  prefix.writeInt32BE(body.length)
  return Buffer.concat([prefix, body])
}

test('frames come out as they went in, however the stream is cut', () => {
  const bodies = fc.array(fc.uint8Array({ minLength: 1, maxLength: 600 }), { minLength: 1, maxLength: 5 })
  const cuts = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 20 })
  const { arena, receive } = newReceive()
  fc.assert(
    fc.property(bodies, cuts, (sent, lengths) => {
      const stream = Buffer.concat(sent.map(framed))
      const got: Buffer[] = []
      let at = 0
      for (let i = 0; at < stream.length; i++) {
        const end = Math.min(at + (lengths[i % lengths.length] ?? 1), stream.length)
        const missing = receive.missing
        if (missing !== undefined && i % 2 === 0) {
          // As the socket does: straight into the block, never beyond the frame.
          const direct = stream.copy(missing, 0, at, Math.min(end, at + missing.length))
          receive.landed(direct)
          at += direct
        } else at = receive.take(stream, at, end, 16)
        if (receive.state !== 'complete') continue
        const { size } = receive
        const block = receive.finish()
        got.push(Buffer.from(block?.view.subarray(0, size) ?? []))
        block?.release()
      }
      expect(got.map(body => body.toString('hex'))).toEqual(
        sent.map(body => Buffer.from(body).toString('hex'))
      )
      expect(arena.used).toBe(0)
    })
  )
})

test.each([0, -1, -2147483648, 1001])(
  'a size of %i makes the receive invalid before anything is allocated',
  size => {
    const { arena, receive } = newReceive()
    const prefix = Buffer.alloc(4)
    prefix.writeInt32BE(size)
    receive.take(prefix, 0, 4, 0)
    expect(receive.state).toBe('invalid')
    expect(receive.size).toBe(size)
    expect(arena.used).toBe(0)
  }
)

test('without memory the size is kept, and the frame goes on when there is some', () => {
  const { arena, receive } = newReceive(4096)
  const other = arena.allocate(4096)
  const frame = framed(Buffer.from('abc'))
  expect(receive.take(frame, 0, frame.length, 0)).toBe(4)
  expect(receive.state).toBe('noMemory')
  other?.release()
  expect(receive.take(frame, 4, frame.length, 0)).toBe(7)
  expect(receive.state).toBe('complete')
})

test('a half-read frame gives its memory back when it is dropped', () => {
  const { arena, receive } = newReceive()
  receive.take(framed(Buffer.alloc(100)), 0, 50, 0)
  expect(arena.used).toBeGreaterThan(0)
  receive.drop()
  expect(arena.used).toBe(0)
  expect(receive.begun).toBe(false)
})
