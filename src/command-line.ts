// The command line, by the convention of kafka-server-start: a file of properties, then overrides of single ones.
import { StartupError } from './errors.js'

export type Command =
  | { readonly kind: 'run'; readonly file?: string; readonly overrides: Readonly<Record<string, string>> }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'misused'; readonly reason: string }

export const usage = `Usage: npm run broker -- [server.properties] [--override key=value]... [--help] [--version]
   or: odradek [server.properties] [--override key=value]...

  server.properties       Kafka's property names and format; docs/configuration.md says what is honoured
  --override key=value    sets one property, over the file; may be repeated
  --help                  prints this
  --version               prints the version

Without a file: one PLAINTEXT listener on localhost:9092, data in ./odradek-data, embedded metadata.`

/** `words`: what follows the program's name. */
export function parseCommandLine(words: readonly string[]): Command {
  let file: string | undefined
  const overrides: Record<string, string> = {}
  const rest = [...words]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--help' || word === '-h') return { kind: 'help' }
    if (word === '--version') return { kind: 'version' }
    if (word === '--override' || word.startsWith('--override=')) {
      const pair = word === '--override' ? rest.shift() : word.slice('--override='.length)
      const equals = pair?.indexOf('=') ?? -1
      if (pair === undefined || equals < 1) return misused(`--override needs key=value, not '${pair ?? ''}'`)
      overrides[pair.slice(0, equals).trim()] = pair.slice(equals + 1)
    } else if (word.startsWith('-')) return misused(`unknown option ${word}`)
    else if (file !== undefined) return misused(`one file of properties, not '${file}' and '${word}'`)
    else file = word
  }
  return file === undefined ? { kind: 'run', overrides } : { kind: 'run', file, overrides }
}

function misused(reason: string): Command {
  return { kind: 'misused', reason }
}

/** What the operator can repair is one line; anything else shows where it happened. */
export function failureLines(error: unknown): string {
  if (error instanceof StartupError) return `odradek: ${error.message.replace(/\s*\n\s*/g, ' ')}`
  return `odradek: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
}

/**
 * Counts stop requests. npm passes a terminal's Ctrl-C on, so that one key press arrives twice: what follows within
 * `echoMs` is the same request.
 */
export function stopRequests(nowMs: () => number, echoMs = 100): () => 'first' | 'again' | 'echo' {
  let firstMs: number | undefined
  return () => {
    if (firstMs === undefined) {
      firstMs = nowMs()
      return 'first'
    }
    return nowMs() - firstMs < echoMs ? 'echo' : 'again'
  }
}
