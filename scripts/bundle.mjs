// Joins the compiled modules of the broker into a few files: loading 300 modules on two threads costs 130 ms of start-up.
// The unbundled modules stay beside them in dist; they work alike, for tools that want one machine or one codec.
import { join } from 'node:path'
import { rolldown } from 'rolldown'

// Packages with native parts or with files of their own to load.
const external = [
  /^node:/,
  'koffi',
  '@node-rs/crc32',
  'snappy',
  'lz4-napi',
  '@toondepauw/node-zstd',
  'piscina',
  'ws',
  'msgpackr-extract'
]

export async function bundle(dist) {
  const build = await rolldown({
    input: {
      main: join(dist, 'main.js'),
      index: join(dist, 'index.js'),
      // Beside the others, where `new URL('./worker.js', import.meta.url)` finds it.
      worker: join(dist, 'actors/broker/worker.js')
    },
    platform: 'node',
    external,
    logLevel: 'warn'
  })
  await build.write({
    dir: dist,
    format: 'esm',
    sourcemap: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunk-[name]-[hash].js'
  })
  await build.close()
}
