// The text format 0.0.4 of Prometheus: families in order, each with its type and its samples in one place.

export type Labels = Readonly<Record<string, string | number>>

export interface Sample {
  readonly labels: Labels
  /** NaN is written as NaN. */
  readonly value: number
}

export interface Family {
  readonly name: string
  readonly type: 'counter' | 'gauge'
  readonly help: string
  readonly samples: readonly Sample[]
}

/** Families under construction, by name. */
export class Families {
  readonly #families = new Map<string, Family & { readonly samples: Sample[] }>()

  gauge(name: string, help: string, value: number, labels: Labels = {}): void {
    this.#add(name, 'gauge', help, { labels, value })
  }

  counter(name: string, help: string, value: number, labels: Labels = {}): void {
    this.#add(name, 'counter', help, { labels, value })
  }

  get all(): readonly Family[] {
    return [...this.#families.values()]
  }

  #add(name: string, type: Family['type'], help: string, sample: Sample): void {
    const known = this.#families.get(name)
    if (known === undefined) this.#families.set(name, { name, type, help, samples: [sample] })
    else known.samples.push(sample)
  }
}

export const prometheusType = 'text/plain; version=0.0.4; charset=utf-8'

export function prometheusText(families: readonly Family[]): string {
  return families.map(familyText).join('')
}

function familyText({ name, type, help, samples }: Family): string {
  const lines = samples.map(({ labels, value }) => `${name}${labelText(labels)} ${valueText(value)}\n`)
  return `# HELP ${name} ${escaped(help, /[\\\n]/g)}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${escaped(String(value), /[\\\n"]/g)}"`
  )
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '"': '\\"' }
const escaped = (text: string, special: RegExp): string =>
  text.replace(special, each => escapes[each] ?? each)

function valueText(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (Number.isFinite(value)) return String(value)
  return value > 0 ? '+Inf' : '-Inf'
}
