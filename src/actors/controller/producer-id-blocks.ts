// Blocks of 1000 producer ids, recorded in /latest_producer_id_block before they are used.
import {
  decodeProducerIdBlock,
  encodeProducerIdBlock,
  paths,
  producerIdBlockSize
} from '../../coordination/kafka-znodes.js'
import { isRefused, type Tree } from '../../coordination/tree.js'
import type { BlockAnswer } from './producer-ids.js'

/** Tries again when another broker was faster (the version has changed). */
export async function allocateProducerIdBlock(tree: Tree, broker: number): Promise<BlockAnswer> {
  for (;;) {
    const node = await tree.get(paths.producerIdBlock)
    const last = node && node.data.length > 0 ? decodeProducerIdBlock(node.data) : undefined
    // Unreadable is not the same as none: starting at 0 again would give out ids twice.
    if (node !== undefined && node.data.length > 0 && last === undefined) return refused
    const start = last === undefined ? 0 : last.end + 1
    const end = start + producerIdBlockSize - 1
    if (!Number.isSafeInteger(end)) return refused
    const data = encodeProducerIdBlock({ broker, start, end })
    const answer =
      node === undefined
        ? await tree.create(paths.producerIdBlock, data)
        : await tree.set(paths.producerIdBlock, data, node.stat.version)
    if (!isRefused(answer)) return { kind: 'block', start, end }
    if (answer.error !== 'BadVersion' && answer.error !== 'NodeExists') return refused
  }
}

const refused: BlockAnswer = { kind: 'refused', error: 'UNKNOWN_SERVER_ERROR' }
