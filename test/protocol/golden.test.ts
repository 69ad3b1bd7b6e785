// Goal: our bytes are Kafka's bytes. Method: a part of the vectors made by Kafka 3.9.1's own library, in both directions;
// `npm run golden -- DIR` checks a whole folder of them.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { checkMessageVector, type MessageVector, parseExact } from '../../src/protocol/golden-vectors.js'
import { allMessages } from '../../src/protocol/messages/index.js'

const vectors = readFileSync(new URL('../golden/messages.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter(line => line !== '')
  .map(line => parseExact(line) as unknown as MessageVector)

describe('golden vectors', () => {
  test('cover every message', () => {
    const covered = new Set(vectors.map(({ name }) => name))
    expect(allMessages.map(({ name }) => name).filter(name => !covered.has(name))).toEqual([])
  })

  test.each(allMessages.map(({ name }) => name))('%s encodes to and decodes from Kafka’s bytes', name => {
    for (const vector of vectors.filter(candidate => candidate.name === name)) {
      expect(checkMessageVector(vector), `${name} v${vector.version}`).toBeUndefined()
    }
  })
})
