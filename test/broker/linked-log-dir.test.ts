// Goal: a directory that log.dirs names by a symbolic link is one like any other. Method: a broker on such a link; what its
// checkpoints remember of a topic that was made while it ran.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startBroker } from '../../src/index.js'
import { WireClient } from '../support/wire-client.js'
import { append, createTopic } from './support.js'

test('checkpoints name topics that were made while the broker ran', async () => {
  const root = mkdtempSync(join(tmpdir(), 'odradek-linked-'))
  mkdirSync(join(root, 'real'))
  symlinkSync(join(root, 'real'), join(root, 'link'))
  const broker = await startBroker({
    overrides: {
      'odradek.placement': 'inline',
      listeners: 'PLAINTEXT://127.0.0.1:0',
      'log.dirs': join(root, 'link')
    }
  })
  const client = await WireClient.connect(broker.bootstrapServers)
  await createTopic(client, 'new')
  await append(client, 'new', 0, ['a', 'b'])
  client.close()
  await broker.close()
  for (const file of ['recovery-point-offset-checkpoint', 'replication-offset-checkpoint'])
    expect(readFileSync(join(root, 'real', file)).toString(), file).toContain('new 0 2')
  rmSync(root, { recursive: true, force: true })
})
