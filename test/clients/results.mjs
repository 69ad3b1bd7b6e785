// What the checks of a run came to, and the table of docs/compatibility.md that is made of it. A suite that ran on several
// placements counts each of its checks once; a check that failed on one of them has failed.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './broker.mjs'

/** What the newest full run wrote, and what was run by hand because no registry has it. */
const ran = join(root, 'test', 'clients', 'results', 'suites.json')
const byHand = join(root, 'test', 'clients', 'results', 'by-hand.json')
const page = join(root, 'docs', 'compatibility.md')
const marks = ['<!-- table of clients: begin -->', '<!-- table of clients: end -->']

const rank = { passed: 0, skipped: 1, failed: 2 }

export class Results {
  #suites = new Map()

  /** `outcome`: {status: 'passed' | 'failed' | 'skipped', reason?}. */
  add(suite, title, outcome) {
    const checks = this.#suites.get(suite.name) ?? new Map()
    this.#suites.set(suite.name, checks)
    const before = checks.get(title)
    if (before === undefined || rank[outcome.status] > rank[before.status]) checks.set(title, outcome)
  }

  counts(name) {
    const all = [...(this.#suites.get(name)?.values() ?? [])]
    const of = status => all.filter(outcome => outcome.status === status).length
    return { passed: of('passed'), failed: of('failed'), skipped: of('skipped') }
  }

  /** A line of the table: client, version, what, how many, and why some did not pass. */
  line(suite, version) {
    const reasons = [...(this.#suites.get(suite.name) ?? [])]
      .filter(([, { status }]) => status !== 'passed')
      .map(([title, { reason }]) => ({ title, reason: (reason ?? 'no reason').split('\n')[0].slice(0, 200) }))
    return {
      suite: suite.name,
      client: suite.client,
      what: suite.what,
      version,
      ...this.counts(suite.name),
      reasons
    }
  }
}

export const readLines = path => JSON.parse(readFileSync(path, 'utf8'))

/** Replaces the lines of the suites that ran; with `whole` the others go, for they are no suites any more. */
export function writeResults(lines, { whole }) {
  const names = new Set(lines.map(({ suite }) => suite))
  const kept = whole ? [] : readLines(ran).filter(({ suite }) => !names.has(suite))
  const all = [...kept, ...lines].sort((a, b) => a.suite.localeCompare(b.suite))
  writeFileSync(ran, `${JSON.stringify(all, null, 2)}\n`)
  const text = readFileSync(page, 'utf8')
  const [begin, end] = marks.map(mark => text.indexOf(mark))
  if (begin < 0 || end < begin) throw new Error(`${page} has no place for the table`)
  writeFileSync(page, `${text.slice(0, begin)}${marks[0]}\n${table()}${text.slice(end)}`)
}

/** The generated part of docs/compatibility.md, from the two files of results. */
export function table() {
  const rows = readLines(ran).map(line => row(line, `${line.suite}: ${line.what}`))
  const hand = readLines(byHand).map(line => row(line, `${line.what} (${line.date})`))
  const head = '| client | version | what | passed | failed | skipped |\n|---|---|---|---|---|---|\n'
  return [
    '\nIn every `npm run test:clients`:\n\n',
    head,
    ...rows,
    '\nRun by hand: no package registry has the specs of KafkaJS, and librdkafka’s suite takes half an hour:\n\n',
    head,
    ...hand,
    '\nWhat did not pass, and why:\n\n',
    ...[...readLines(ran), ...readLines(byHand)].flatMap(why),
    '\n'
  ].join('')
}

const row = ({ client, version, passed, failed, skipped }, what) =>
  `| ${client} | ${version} | ${what} | ${passed} | ${failed} | ${skipped} |\n`

/** Checks with one reason stand together. */
function why({ client, what, reasons }) {
  const byReason = new Map()
  for (const { title, reason, count = 1 } of reasons) {
    const group = byReason.get(reason) ?? { titles: [], count: 0 }
    byReason.set(reason, { titles: [...group.titles, title], count: group.count + count })
  }
  return [...byReason].map(([reason, { titles, count }]) => {
    const shown =
      titles.length > 3 ? `${titles.slice(0, 2).join('; ')} and ${titles.length - 2} more` : titles.join('; ')
    return `- ${client}, ${what} (${count}): ${shown}: ${reason}\n`
  })
}
