// Goal: the memory of a response is given free when the kernel has all of it, once, and never while a write may still look
// at it. Method: a Send over a socket that takes what the test says.
import { expect, test } from 'vitest'
import { Send } from '../../../src/actors/network/send.js'

type Written = (error?: Error | null) => void

/** Takes everything at once, or holds it until `take`. */
function socketThat(takes: 'all' | 'later') {
  const callbacks: Written[] = []
  let waiting = 0
  return {
    errored: null as Error | null,
    destroyed: false,
    get writableLength() {
      return waiting
    },
    write(bytes: Uint8Array, written?: Written) {
      if (takes === 'later') waiting += bytes.length
      if (written !== undefined) callbacks.push(written)
      return takes === 'all'
    },
    cork() {},
    uncork() {},
    pause() {},
    resume() {},
    destroy() {},
    on() {},
    take(error?: Error) {
      waiting = 0
      for (const written of callbacks.splice(0)) written(error)
    }
  }
}

function sending(takes: 'all' | 'later') {
  const socket = socketThat(takes)
  const told: string[] = []
  const send = new Send(socket, () => told.push('flushed'))
  const write = (name: string) =>
    send.write([Buffer.from('head'), Buffer.from(name)], () => void told.push(`${name} taken`))
  return { socket, told, send, write }
}

test('what the kernel takes at once is free at once', () => {
  const { socket, told, write } = sending('all')
  expect(write('a')).toBe('flushed')
  expect(told).toEqual(['a taken'])
  socket.take()
  expect(told).toEqual(['a taken'])
})

test('what the kernel takes later is free then, before the Processor hears of it', () => {
  const { socket, told, write } = sending('later')
  expect(write('a')).toBe('pending')
  expect(told).toEqual([])
  socket.take()
  expect(told).toEqual(['a taken', 'flushed'])
  expect(write('b')).toBe('pending')
  socket.take()
  expect(told).toEqual(['a taken', 'flushed', 'b taken', 'flushed'])
})

test('a write that fails frees nothing: nobody knows who still looks at its bytes', () => {
  const { socket, told, write } = sending('later')
  write('a')
  socket.take(new Error('EPIPE'))
  expect(told).toEqual([])
  const gone = sending('all')
  gone.socket.destroyed = true
  expect(gone.write('a')).toBe('pending')
  expect(gone.told).toEqual([])
})
