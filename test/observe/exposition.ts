// A strict reader of the Prometheus text format 0.0.4: what promtool would refuse, it refuses.

export interface ReadSample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export interface ReadFamily {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly samples: readonly ReadSample[]
}

const nameOf = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/
const number = /^(?:NaN|[+-]Inf|[+-]?(?:\d+(?:\.\d+)?)(?:[eE][+-]?\d+)?)$/

/** Throws at the first line that breaks the format, a series that comes twice, or a family that is not in one piece. */
export function readExposition(text: string): ReadFamily[] {
  if (!text.endsWith('\n')) throw new Error('the last line does not end')
  const families: ReadFamily[] = []
  const seen = new Set<string>()
  let samples: ReadSample[] = []
  const lines = text.slice(0, -1).split('\n')
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? ''
    const [, helpName = '', help = ''] = /^# HELP (\S+) (.*)$/.exec(line) ?? []
    if (helpName !== '') {
      const [, typeName, type = ''] = /^# TYPE (\S+) (counter|gauge)$/.exec(lines[++i] ?? '') ?? []
      if (typeName !== helpName) throw new Error(`no type behind: ${line}`)
      if (!nameOf.test(helpName) || families.some(({ name }) => name === helpName))
        throw new Error(`a name that is wrong or comes twice: ${helpName}`)
      samples = []
      families.push({ name: helpName, type, help, samples })
      continue
    }
    const sample = readSample(line)
    if (sample.name !== families.at(-1)?.name) throw new Error(`outside of its family: ${line}`)
    const series = `${sample.name} ${JSON.stringify(Object.entries(sample.labels).sort())}`
    if (seen.has(series)) throw new Error(`twice: ${line}`)
    seen.add(series)
    samples.push(sample)
  }
  const empty = families.find(family => family.samples.length === 0)
  if (empty !== undefined) throw new Error(`a family without samples: ${empty.name}`)
  return families
}

function readSample(line: string): ReadSample {
  const [, name = '', , inner = '', value = ''] = /^([^\s{]+)(\{(.*)\})? (\S+)$/.exec(line) ?? []
  if (!nameOf.test(name) || !number.test(value)) throw new Error(`not a sample: ${line}`)
  return { name, labels: readLabels(inner, line), value: numberOf(value) }
}

function numberOf(text: string): number {
  return text.endsWith('Inf') ? Number(text.replace('Inf', 'Infinity')) : Number(text)
}

function readLabels(inner: string, line: string): Record<string, string> {
  const labels: Record<string, string> = {}
  let rest = inner
  while (rest !== '') {
    const [whole, name = '', value = ''] = /^([^=]+)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/.exec(rest) ?? []
    if (whole === undefined || !labelName.test(name) || name in labels)
      throw new Error(`labels are wrong: ${line}`)
    labels[name] = value.replace(/\\(.)/g, (_, each: string) => (each === 'n' ? '\n' : each))
    rest = rest.slice(whole.length)
  }
  return labels
}

/** Values by family and labels: `valueOf('a_total', { request: 'Fetch' })`. Undefined: there is no such series. */
export function valuesOf(families: readonly ReadFamily[]) {
  return (name: string, labels: Readonly<Record<string, string>> = {}): number | undefined =>
    families
      .find(family => family.name === name)
      ?.samples.find(
        sample =>
          Object.keys(sample.labels).length === Object.keys(labels).length &&
          Object.entries(labels).every(([key, value]) => sample.labels[key] === value)
      )?.value
}
