// The codecs by name, loaded when first used: start-up does not pay for them.
import type { CodecName } from '../batch.js'
import type { Codec } from './codec.js'

type Compressing = Exclude<CodecName, 'none'>
const loaded = new Map<Compressing, Codec>()

export async function loadCodec(name: Compressing): Promise<Codec> {
  const known = loaded.get(name)
  if (known !== undefined) return known
  const codec = await importCodec(name)
  loaded.set(name, codec)
  return codec
}

/** `undefined` until loadCodec() has brought it in once. */
export const codecIfLoaded = (name: Compressing): Codec | undefined => loaded.get(name)

async function importCodec(name: Compressing): Promise<Codec> {
  switch (name) {
    case 'gzip':
      return (await import('./gzip.js')).gzip
    case 'snappy':
      return (await import('./snappy.js')).snappy
    case 'lz4':
      return (await import('./lz4.js')).lz4
    case 'zstd':
      return (await import('./zstd.js')).zstd
  }
}
