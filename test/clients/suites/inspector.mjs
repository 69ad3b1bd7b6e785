// The inspector's page in Chromium, before brokers of its own with faults and load: test/observe/browser.
import { join } from 'node:path'
import { root } from '../broker.mjs'
import { run } from '../processes.mjs'

export const inspector = {
  name: 'inspector',
  client: 'Chromium',
  what: "the inspector's page",
  needs: ['chromium'],
  alone: true,
  async run({ tools, check }) {
    await check('a person finds in the browser what is wrong with a broker', async () => {
      const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
      const config = join(root, 'test', 'observe', 'browser', 'vitest.config.ts')
      const env = { ...process.env, CHROMIUM: tools.chromium.command, NO_COLOR: '1' }
      const words = [vitest, 'run', '--config', config]
      const { code, stdout, stderr } = await run(process.execPath, words, {
        cwd: root,
        env,
        timeoutMs: 420_000
      })
      if (code !== 0) throw new Error(`${stdout.slice(-6000)}\n${stderr.slice(-6000)}`)
    })
  }
}
