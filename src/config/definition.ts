// What one configuration property is, as data: its type, its value when nobody sets it, what may be written, when it
// may change, and how far this broker goes with it. The tables under definitions/ are made of these.

export type ConfigType =
  | 'boolean'
  | 'string'
  | 'int'
  | 'short'
  | 'long'
  | 'double'
  | 'list'
  | 'class'
  | 'password'

/**
 * `honoured`: it does what Kafka documents. `recognised`: read, checked and reported, without effect yet.
 * `protects`: security depends on it and it cannot be honoured yet, so that setting it refuses to start.
 */
export type Support = 'honoured' | 'recognised' | 'protects'

/**
 * When it may change: only by a restart, per broker, for the whole cluster, per topic. Kafka's, except that listeners and
 * what protects are read at the start only.
 */
export type UpdateMode = 'read-only' | 'per-broker' | 'cluster-wide' | 'topic'

export type ConfigValue = boolean | number | string | readonly string[] | undefined

export interface Attributes {
  readonly support: Support
  /** Default: read-only. */
  readonly update?: UpdateMode
  /** Numbers: both ends included. */
  readonly min?: number
  readonly max?: number
  /** Accepted although outside min..max, for instance -1 for "the library's own level". */
  readonly also?: readonly number[]
  /** The only words that are accepted; a list may hold only these. Case-sensitive. */
  readonly oneOf?: readonly string[]
  readonly nonEmpty?: true
  /** A further test of the text: the reason why it is refused, or undefined. */
  readonly check?: (text: string) => string | undefined
  /** `protects` only: texts that ask for no protection and are therefore accepted. */
  readonly harmless?: readonly string[]
  /** Hidden from DescribeConfigs, as in Kafka. */
  readonly internal?: true
  readonly doc?: string
}

export interface Definition<V extends ConfigValue = ConfigValue> extends Attributes {
  readonly type: ConfigType
  /** The value when nobody sets it; undefined prints as null. */
  readonly fallback: V
}

/** Long.MAX_VALUE as the nearest number (2^63); values.ts prints it exactly. */
export const longMax = 2 ** 63
export const intMax = 2 ** 31 - 1

function define<V extends ConfigValue>(type: ConfigType, fallback: V, attributes: Attributes): Definition<V> {
  return { type, fallback, ...attributes }
}

export const boolean = (fallback: boolean, attributes: Attributes): Definition<boolean> =>
  define<boolean>('boolean', fallback, attributes)

export const int = (fallback: number, attributes: Attributes): Definition<number> =>
  define<number>('int', fallback, attributes)

export const short = (fallback: number, attributes: Attributes): Definition<number> =>
  define<number>('short', fallback, attributes)

export const long = (fallback: number, attributes: Attributes): Definition<number> =>
  define<number>('long', fallback, attributes)

export const double = (fallback: number, attributes: Attributes): Definition<number> =>
  define<number>('double', fallback, attributes)

export const string = (fallback: string, attributes: Attributes): Definition<string> =>
  define<string>('string', fallback, attributes)

export const className = (fallback: string, attributes: Attributes): Definition<string> =>
  define<string>('class', fallback, attributes)

export const list = (fallback: readonly string[], attributes: Attributes): Definition<readonly string[]> =>
  define<readonly string[]>('list', fallback, attributes)

export const optionalInt = (attributes: Attributes): Definition<number | undefined> =>
  define<number | undefined>('int', undefined, attributes)

export const optionalLong = (attributes: Attributes): Definition<number | undefined> =>
  define<number | undefined>('long', undefined, attributes)

export const optionalString = (attributes: Attributes): Definition<string | undefined> =>
  define<string | undefined>('string', undefined, attributes)

export const optionalClass = (attributes: Attributes): Definition<string | undefined> =>
  define<string | undefined>('class', undefined, attributes)

export const optionalList = (attributes: Attributes): Definition<readonly string[] | undefined> =>
  define<readonly string[] | undefined>('list', undefined, attributes)

export const password = (attributes: Attributes): Definition<string | undefined> =>
  define<string | undefined>('password', undefined, attributes)
