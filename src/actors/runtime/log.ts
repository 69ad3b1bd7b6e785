// Log lines as Kafka's log4j pattern prints them: `[2026-11-21 07:00:00,123] INFO message (logger.name)`, local time.
import { errorMessage } from '../../errors.js'
import { systemClock } from './clock.js'

export const logLevels = ['debug', 'info', 'warn', 'error', 'fatal'] as const
export type LogLevel = (typeof logLevels)[number]

export interface Logger {
  debug(message: string, error?: unknown): void
  info(message: string, error?: unknown): void
  warn(message: string, error?: unknown): void
  error(message: string, error?: unknown): void
  fatal(message: string, error?: unknown): void
}

export interface LogSink {
  /** Lines below this level are not even formatted. */
  readonly level: LogLevel
  /** One line or, with a stack trace, several; without the final newline. */
  write(line: string, level: LogLevel): void
}

export interface LoggerOptions {
  /** Kafka's logIdent, for example `Acceptor PLAINTEXT`: stands in brackets before each message. */
  readonly ident?: string
  readonly nowMs?: () => number
}

/** `name` is the category in parentheses, such as `odradek.network`. */
export function loggerFor(name: string, sink: LogSink, options: LoggerOptions = {}): Logger {
  const threshold = logLevels.indexOf(sink.level)
  const nowMs = options.nowMs ?? systemClock.nowMs
  const ident = options.ident === undefined ? '' : `[${options.ident}] `
  const at = (level: LogLevel): ((message: string, error?: unknown) => void) => {
    if (logLevels.indexOf(level) < threshold) return () => {}
    return (message, error) => {
      sink.write(
        `[${timestamp(nowMs())}] ${level.toUpperCase()} ${ident}${message} (${name})${trace(error)}`,
        level
      )
    }
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), fatal: at('fatal') }
}

/** Writes to standard output, as Kafka's console appender does. */
export function consoleSink(level: LogLevel = 'info'): LogSink {
  return { level, write: line => void process.stdout.write(`${line}\n`) }
}

export const silentSink: LogSink = { level: 'fatal', write: () => {} }

const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`)

/** `yyyy-MM-dd HH:mm:ss,SSS` in local time. */
export function timestamp(ms: number): string {
  const t = new Date(ms)
  const day = `${t.getFullYear()}-${two(t.getMonth() + 1)}-${two(t.getDate())}`
  const time = `${two(t.getHours())}:${two(t.getMinutes())}:${two(t.getSeconds())}`
  return `${day} ${time},${String(t.getMilliseconds()).padStart(3, '0')}`
}

function trace(error: unknown): string {
  if (error === undefined) return ''
  return `\n${error instanceof Error ? (error.stack ?? error.message) : errorMessage(error)}`
}
