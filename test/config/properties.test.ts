// Goal: server.properties is read as Java reads it. Method: Java's documented cases one by one, and two properties.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeProperties, parseProperties } from '../../src/config/properties.js'

describe('a properties file', () => {
  test.each([
    ['a=1', { a: '1' }],
    ['a:1', { a: '1' }],
    ['a 1', { a: '1' }],
    ['  a \t = \f 1', { a: '1' }],
    ['a', { a: '' }],
    ['a=', { a: '' }],
    ['a==1', { a: '=1' }],
    ['a = 1 = 2', { a: '1 = 2' }],
    ['a=1  ', { a: '1  ' }],
    ['=1', { '': '1' }],
    ['a\\ b\\=c=1', { 'a b=c': '1' }],
    ['a=x\\ty\\nz\\\\', { a: 'x\ty\nz\\' }],
    ['a=\\u0041\\u00e9', { a: 'Aé' }],
    ['a=\\q\\:', { a: 'q:' }],
    ['a=1\na=2', { a: '2' }],
    ['a=1\rb=2\r\nc=3', { a: '1', b: '2', c: '3' }],
    ['listeners=PLAINTEXT://:9092,\\\n   SSL://:9093', { listeners: 'PLAINTEXT://:9092,SSL://:9093' }],
    ['a=1\\', { a: '1' }],
    ['a=1\\\\\nb=2', { a: '1\\', b: '2' }],
    ['a=\\\n#b', { a: '#b' }]
  ])('%j reads as %j', (text, expected) => {
    expect(parseProperties(text)).toEqual(expected)
  })

  test('has comments and blank lines that mean nothing, also when a comment ends in a backslash', () => {
    expect(parseProperties('# one \\\n\n  ! two\n \t\na=1')).toEqual({ a: '1' })
  })

  test('may be UTF-8 or ISO-8859-1', () => {
    expect(decodeProperties(Buffer.from('rack=Zürich', 'utf8'))).toEqual({ rack: 'Zürich' })
    expect(decodeProperties(Buffer.from('rack=Zürich', 'latin1'))).toEqual({ rack: 'Zürich' })
  })

  test('never fails, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        for (const value of Object.values(decodeProperties(bytes))) expect(typeof value).toBe('string')
      })
    )
  })

  test('gives back what was escaped into it', () => {
    const escaped = (text: string) =>
      [...text].map(char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
    const text = fc.string({ unit: 'binary-ascii', minLength: 1 })
    fc.assert(
      fc.property(text, text, (key, value) => {
        expect(parseProperties(`${escaped(key)}=${escaped(value)}`)[key]).toBe(value)
      })
    )
  })
})
