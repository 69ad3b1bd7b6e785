// The vocabulary of message schemas: a message is a value that says its fields, their types and the versions that have
// them; the codec and the TypeScript types follow from it. Notation of versions as in Kafka's own definitions: '0+', '3-7'.

declare const uuidBrand: unique symbol
/** 16 bytes as 22 characters of URL-safe base64, as Kafka prints them. */
export type Uuid = string & { readonly [uuidBrand]: true }
export const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA' as Uuid

export function asUuid(text: string): Uuid | undefined {
  return /^[A-Za-z0-9_-]{21}[AQgw]$/.test(text) ? (text as Uuid) : undefined
}

export type ScalarName =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'int64'
  | 'float64'
  | 'string'
  | 'uuid'
  | 'bytes'
  | 'records'

export type FieldType =
  | { readonly kind: 'scalar'; readonly name: ScalarName }
  | { readonly kind: 'array'; readonly element: FieldType }
  | { readonly kind: 'struct'; readonly fields: Fields }

export interface FieldOptions {
  /** Versions in which the value may be null. */
  readonly nullable?: string
  /** What a fresh message holds; 0, '', false, [] or an empty struct when not said. */
  readonly default?: number | bigint | boolean | string | null
  /** Optional fields of flexible versions are tagged: tag number and the versions in which it is. */
  readonly tag?: number
  readonly tagged?: string
  /** A version without this field may be written although the field is set. */
  readonly ignorable?: boolean
  /** Overrides the message's flexible versions ('none': never compact). */
  readonly flexible?: string
}

declare const decoded: unique symbol
declare const encodable: unique symbol
export interface Field<Value, Input = Value> {
  readonly type: FieldType
  readonly versions: string
  readonly options: FieldOptions
  readonly [decoded]?: Value
  readonly [encodable]?: Input
}

export type AnyField = Field<unknown, unknown>
export interface Fields {
  readonly [name: string]: AnyField
}

/** A tagged field that this schema does not know, kept so that it can be written back. */
export interface UnknownTaggedField {
  readonly tag: number
  readonly data: Buffer
}

type ValueOfField<F> = F extends Field<infer Value, unknown> ? Value : never
type InputOfField<F> = F extends Field<unknown, infer Input> ? Input : never
export type ValueOfFields<F> = { readonly [K in keyof F]: ValueOfField<F[K]> } & {
  readonly unknownTaggedFields?: readonly UnknownTaggedField[]
}
export type InputOfFields<F> = { readonly [K in keyof F]?: InputOfField<F[K]> | undefined } & {
  readonly unknownTaggedFields?: readonly UnknownTaggedField[]
}

export interface MessageSchema<F extends Fields = Fields> {
  readonly name: string
  /** API key of requests and responses. */
  readonly key?: number
  readonly type: 'request' | 'response' | 'header' | 'data'
  readonly versions: string
  /** Versions with compact lengths and tagged fields. */
  readonly flexible: string
  readonly fields: F
  /** When each error is given; for readers and for the generated documentation. */
  readonly errors?: Readonly<Record<string, string>>
}

/** What decoding gives: every field is present, absent ones hold their default. */
export type ValueOf<S> = S extends MessageSchema<infer F> ? ValueOfFields<F> : never
/** What may be encoded: a field left out is written with its default. */
export type InputOf<S> = S extends MessageSchema<infer F> ? InputOfFields<F> : never

export function message<F extends Fields>(schema: MessageSchema<F>): MessageSchema<F> {
  return schema
}

type Null<O> = O extends { nullable: string } ? null : never

const scalar =
  <Value, Input = Value>(name: ScalarName) =>
  <const O extends FieldOptions = Record<never, never>>(
    versions: string,
    options?: O
  ): Field<Value | Null<O>, Input | Null<O>> => ({
    type: { kind: 'scalar', name },
    versions,
    options: options ?? {}
  })

export const bool = scalar<boolean>('bool')
export const int8 = scalar<number>('int8')
export const int16 = scalar<number>('int16')
export const uint16 = scalar<number>('uint16')
export const int32 = scalar<number>('int32')
export const int64 = scalar<bigint>('int64')
export const float64 = scalar<number>('float64')
export const string = scalar<string>('string')
export const uuid = scalar<Uuid>('uuid')
/** A view into the decoded frame. */
export const bytes = scalar<Buffer>('bytes')
/** Record batches: a view into the decoded frame; several pieces may be encoded as one value. */
export const records = scalar<Buffer, Buffer | readonly Buffer[]>('records')

export function struct<const F extends Fields, const O extends FieldOptions = Record<never, never>>(
  versions: string,
  fields: F,
  options?: O
): Field<ValueOfFields<F> | Null<O>, InputOfFields<F> | Null<O>> {
  return { type: { kind: 'struct', fields }, versions, options: options ?? {} }
}

/** An array of structs. */
export function array<const F extends Fields, const O extends FieldOptions = Record<never, never>>(
  versions: string,
  fields: F,
  options?: O
): Field<readonly ValueOfFields<F>[] | Null<O>, readonly InputOfFields<F>[] | Null<O>> {
  return { type: { kind: 'array', element: { kind: 'struct', fields } }, versions, options: options ?? {} }
}

interface ScalarValues {
  bool: boolean
  int8: number
  int16: number
  uint16: number
  int32: number
  int64: bigint
  float64: number
  string: string
  uuid: Uuid
}

/** An array of scalars. */
export function list<N extends keyof ScalarValues, const O extends FieldOptions = Record<never, never>>(
  element: N,
  versions: string,
  options?: O
): Field<readonly ScalarValues[N][] | Null<O>> {
  return {
    type: { kind: 'array', element: { kind: 'scalar', name: element } },
    versions,
    options: options ?? {}
  }
}

/** True when `version` lies in '3', '0-7', '3+' or not in 'none'. */
export function inVersions(versions: string, version: number): boolean {
  if (versions === 'none') return false
  const found = /^(\d+)(?:(\+)|-(\d+))?$/.exec(versions)
  if (found === null) return false
  const first = Number(found[1])
  if (found[2] !== undefined) return version >= first
  return version >= first && version <= Number(found[3] ?? first)
}

export function versionBounds(versions: string): readonly [min: number, max: number] {
  const found = /^(\d+)(?:-(\d+))?$/.exec(versions)
  return found === null ? [0, -1] : [Number(found[1]), Number(found[2] ?? found[1])]
}
