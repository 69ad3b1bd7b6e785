// What a diagram may be made of: the part of Mermaid's grammar that we write, a pattern for each kind of line. Stricter than
// Mermaid, so that whatever passes here is drawn by every version of it.
import { expect } from 'vitest'

/** Text after a colon: Mermaid ends it at `;` and `#`, except where that begins an entity. */
const label = String.raw`(?:[^;#\n{}]|#\d+;|#\w+;)+`
const id = String.raw`[A-Za-z]\w*`
const node = String.raw`(?:\[\*\]|${id})`
const quoted = String.raw`"[^"\n#;]+"`

const grammars: Readonly<Record<string, readonly RegExp[]>> = {
  'stateDiagram-v2': [
    `${node} --> ${node}(?: : ${label})?`,
    `${id} : ${label}`,
    `state ${quoted} as ${id} \\{`,
    String.raw`\}`
  ].map(whole),
  sequenceDiagram: [
    `participant ${id}(?: as ${label})?`,
    `actor ${id}`,
    `${id}(?:->>|-->>|--x)${id}: ${label}`,
    `Note over ${id}: ${label}`,
    `loop ${label}`,
    'end'
  ].map(whole),
  'flowchart TD': [`${id}\\[${quoted}\\]`, `${id} --> ${id}`].map(whole),
  'flowchart LR': [
    // A box with or without its text, an arrow with or without one, a box.
    `${box()} (?:-->|<-->)(?:\\|(?:${quoted}|[\\w ]+)\\|)? ${box()}`
  ].map(whole)
}

function box(): string {
  return String.raw`${id}(?:\(\[[\w ]+\]\)|\[${quoted}\]|\[\(${quoted}\)\])?`
}

function whole(pattern: string): RegExp {
  return new RegExp(`^\\s*${pattern}$`)
}

/** `where`: said when a line is none. Frames close, and what takes part is declared. */
export function expectMermaid(text: string, where: string): void {
  const [kind = '', ...lines] = text.split('\n')
  const grammar = grammars[kind]
  if (grammar === undefined) throw new Error(`${where}: no diagram of ours begins with ${kind}`)
  for (const line of lines)
    expect(
      grammar.some(pattern => pattern.test(line)),
      `${where}: ${line}`
    ).toBe(true)
  const opened = lines.filter(line => /\{$|^\s*loop /.test(line)).length
  const closed = lines.filter(line => /^\s*(?:\}|end)$/.test(line)).length
  expect(closed, `${where}: every frame is closed`).toBe(opened)
  if (kind === 'sequenceDiagram') expectDeclared(lines, where)
}

function expectDeclared(lines: readonly string[], where: string): void {
  const declared = new Set(lines.flatMap(line => /^\s*(?:participant|actor) (\w+)/.exec(line)?.[1] ?? []))
  const used = lines.flatMap(line => [
    ...(/^\s*(\w+)(?:->>|-->>|--x)(\w+):/.exec(line)?.slice(1) ?? []),
    ...(/^\s*Note over (\w+):/.exec(line)?.slice(1) ?? [])
  ])
  expect(
    used.filter(name => !declared.has(name)),
    `${where}: nobody acts who was not declared`
  ).toEqual([])
}
