// Java's properties format: what server.properties is written in.

/** The last of several equal keys wins. Total: every text is some set of properties. */
export function parseProperties(text: string): Record<string, string> {
  const properties: Record<string, string> = Object.create(null)
  for (const line of logicalLines(text)) {
    const [key, value] = split(line)
    properties[unescaped(key)] = unescaped(value)
  }
  return { ...properties }
}

/** Files are ISO-8859-1 for Java and UTF-8 for everybody else: what is valid UTF-8 is read as that. */
export function decodeProperties(bytes: Uint8Array): Record<string, string> {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  }
  return parseProperties(text)
}

/** Without comments and blank lines; a line that ends in an odd number of backslashes goes on in the next one. */
function* logicalLines(text: string): Generator<string> {
  let begun: string | undefined
  for (const natural of text.split(/\r\n|\n|\r/)) {
    const line = natural.replace(/^[ \t\f]+/, '')
    if (begun === undefined && (line === '' || line.startsWith('#') || line.startsWith('!'))) continue
    const whole = (begun ?? '') + line
    const backslashes = /\\*$/.exec(line)?.[0].length ?? 0
    if (backslashes % 2 === 1) begun = whole.slice(0, -1)
    else {
      begun = undefined
      yield whole
    }
  }
  if (begun !== undefined && begun !== '') yield begun
}

/** The key ends at the first =, : or blank that is not escaped; blanks and one = or : after it are skipped. */
function split(line: string): [string, string] {
  let end = 0
  while (end < line.length && !/[=: \t\f]/.test(line.charAt(end))) end += line.charAt(end) === '\\' ? 2 : 1
  const rest = line.slice(end).replace(/^[ \t\f]*[=:]?[ \t\f]*/, '')
  return [line.slice(0, end), rest]
}

const named: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' }

function unescaped(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S])|$)/g, (_all, code?: string, letter?: string) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16))
    return letter === undefined ? '' : (named[letter] ?? letter)
  })
}
