// npm run screenshots: makes the pictures of docs/inspector.md again.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { include: ['test/observe/browser/screenshots.ts'], testTimeout: 120_000, pool: 'forks' }
})
