import { defineConfig } from 'vitest/config'

/** They measure how long somebody waits: another file at their side would be measured too. */
const measuring = ['test/broker/long-work.test.ts', 'test/protocol/records/slices.test.ts']

export default defineConfig({
  test: {
    testTimeout: 20_000,
    pool: 'forks',
    projects: [
      {
        extends: true,
        test: {
          name: 'side by side',
          include: ['test/**/*.test.ts'],
          exclude: ['test/clients/**', 'test/observe/browser/**', 'node_modules/**', ...measuring],
          sequence: { groupOrder: 0 }
        }
      },
      {
        extends: true,
        test: {
          name: 'one after the other',
          include: measuring,
          fileParallelism: false,
          sequence: { groupOrder: 1 }
        }
      }
    ]
  }
})
