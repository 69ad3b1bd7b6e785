// The inspector in a real browser: part of `npm run test:clients`, since `npm test` needs nothing but Node.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/observe/browser/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Brokers, load and browser share the machine already.
    fileParallelism: false
  }
})
