// Goal: the command line means what kafka-server-start's means, and mistakes are said in one line.
// Method: the parser and the two small rules of main as functions.
import { describe, expect, test } from 'vitest'
import { failureLines, parseCommandLine, stopRequests } from '../src/command-line.js'
import { StartupError } from '../src/errors.js'

describe('the command line', () => {
  test('is empty for a broker with every default', () => {
    expect(parseCommandLine([])).toEqual({ kind: 'run', overrides: {} })
  })

  test('takes one file and any number of overrides, in any order', () => {
    const expected = {
      kind: 'run',
      file: 'a.properties',
      overrides: { 'broker.id': '3', 'log.dirs': '/x=y' }
    }
    const overrides = ['--override', 'broker.id=3', '--override=log.dirs=/x=y']
    expect(parseCommandLine(['a.properties', ...overrides])).toEqual(expected)
    expect(parseCommandLine([...overrides, 'a.properties'])).toEqual(expected)
  })

  test('lets the last override of a key win and an override be empty', () => {
    const words = ['--override', 'a=1', '--override', 'a=2', '--override', 'b=']
    expect(parseCommandLine(words)).toEqual({ kind: 'run', overrides: { a: '2', b: '' } })
  })

  test('asks for help or the version wherever the word stands', () => {
    expect(parseCommandLine(['x.properties', '--help'])).toEqual({ kind: 'help' })
    expect(parseCommandLine(['--override', 'a=1', '--version'])).toEqual({ kind: 'version' })
  })

  test.each([
    [['--override'], "--override needs key=value, not ''"],
    [['--override', 'broker.id'], "--override needs key=value, not 'broker.id'"],
    [['--override', '=3'], "--override needs key=value, not '=3'"],
    [['--daemon'], 'unknown option --daemon'],
    [['a', 'b'], "one file of properties, not 'a' and 'b'"]
  ])('refuses %j and says why', (words, reason) => {
    expect(parseCommandLine(words)).toEqual({ kind: 'misused', reason })
  })
})

describe('a failure to start', () => {
  test('is one line without a stack when the operator can repair it', () => {
    const line = failureLines(new StartupError("a.properties:num.io.threads: 'x': Not a number\nof type INT"))
    expect(line).toBe("odradek: a.properties:num.io.threads: 'x': Not a number of type INT")
  })

  test('shows where it happened when it is our own mistake', () => {
    expect(failureLines(new Error('broken promise'))).toMatch(/^odradek: Error: broken promise\n\s+at /)
  })
})

test('a second request to stop counts unless it is the echo of the first one', () => {
  let nowMs = 1000
  const stop = stopRequests(() => nowMs)
  expect(stop()).toBe('first')
  nowMs += 20
  expect(stop()).toBe('echo')
  nowMs += 200
  expect(stop()).toBe('again')
})
