import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/clients/**', 'test/observe/browser/**', 'node_modules/**'],
    testTimeout: 20_000,
    pool: 'forks'
  }
})
