// Goal: what was acknowledged with acks=all is there after kill -9, at its offset, with no gap before it.
// Method: several connections produce as fast as they are answered; the process is killed at a random moment; it is started
// again on the same directory and everything is read. KILL_ROUNDS=20 runs as many rounds as the release check.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { append, createTopic, readAll } from '../broker/support.js'
import { WireClient } from '../support/wire-client.js'
import { startBrokerProcess } from './broker-process.js'

const rounds = Number(process.env.KILL_ROUNDS ?? 3)
const partitions = 3

interface Acknowledged {
  readonly partition: number
  readonly offset: number
  readonly value: string
}

async function produceUntilKilled(
  bootstrap: string,
  writer: number,
  round: number,
  sink: Acknowledged[]
): Promise<void> {
  const client = await WireClient.connect(bootstrap)
  try {
    for (let i = 0; ; i++) {
      const partition = (writer + i) % partitions
      const values = Array.from(
        { length: 1 + (i % 7) },
        (_, n) => `${round}/${writer}/${i}/${n}/${'x'.repeat(i % 400)}`
      )
      const base = await append(client, 'killed', partition, values)
      for (const [n, value] of values.entries()) sink.push({ partition, offset: base + n, value })
    }
  } catch {
    // The connection ended with its broker.
  } finally {
    client.close()
  }
}

describe('kill -9 while producing with acks=all', () => {
  test(`loses nothing that was acknowledged, ${rounds} times in a row`, {
    timeout: 30_000 + rounds * 10_000
  }, async () => {
    const directory = mkdtempSync(join(tmpdir(), 'odradek-kill-'))
    const logDir = join(directory, 'data')
    const acknowledged: Acknowledged[] = []
    try {
      for (let round = 0; round < rounds; round++) {
        const broker = await startBrokerProcess(logDir, { 'log.segment.bytes': '200000' })
        const client = await WireClient.connect(broker.bootstrap)
        await createTopic(client, 'killed', partitions)
        const before = acknowledged.length
        const writers = [0, 1, 2, 3].map(writer =>
          produceUntilKilled(broker.bootstrap, writer, round, acknowledged)
        )
        await new Promise(resolve => setTimeout(resolve, 300 + Math.random() * 700))
        broker.child.kill('SIGKILL')
        await Promise.all([broker.exited, ...writers])
        client.close()
        expect(acknowledged.length).toBeGreaterThan(before)
      }
      const broker = await startBrokerProcess(logDir)
      const client = await WireClient.connect(broker.bootstrap)
      const stored: string[][] = []
      for (let partition = 0; partition < partitions; partition++) {
        stored.push((await readAll(client, 'killed', partition)).map(({ value }) => value))
      }
      const lost = acknowledged.filter(
        ({ partition, offset, value }) => stored[partition]?.[offset] !== value
      )
      expect(lost).toEqual([])
      client.close()
      broker.child.kill('SIGTERM')
      expect(await broker.exited).toBe(0)
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  })
})
