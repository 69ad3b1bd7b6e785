// Go. franz-go's own tests (package kgo), as they are in its module: producing, consuming, groups of every balancer and of the
// new protocol, with few records; what needs a feature that the broker lacks is skipped by the names of its tests. sarama and
// kafka-go in groups.
import { join } from 'node:path'
import { root } from '../broker.mjs'
import { run } from '../processes.mjs'
import { reportProgram } from '../programs.mjs'
import { lines, must } from '../records.mjs'
import { swiftGroups } from './java-groups.mjs'

const skipped = [
  ['TestTxnEtl', 'transactions are not served'],
  ['TestShare', 'share groups came with Kafka 4'],
  ['TestAuditShare', 'share groups came with Kafka 4']
]

const version = 'v1.22.2'
const kgo = 'github.com/twmb/franz-go/pkg/kgo'

export const franzGo = {
  name: 'franz-go',
  client: 'franz-go',
  what: "the client's own tests of package kgo",
  version,
  needs: ['go'],
  once: true,
  overrides: swiftGroups,
  async run({ bootstrap, tools, check }) {
    const { command, dir, env } = tools.go
    const program = join(root, '.cache', 'clients', `kgo-${version}.test`)
    const words = ['test', '-c', '-o', program, kgo]
    const compiled = await run(command, words, { cwd: dir, env, timeoutMs: 400_000 })
    // One of the tests reads the source beside it.
    const source = (await run(command, ['list', '-f', '{{.Dir}}', kgo], { cwd: dir, env })).stdout.trim()
    must(compiled.code === 0, `it does not compile: ${compiled.stderr.slice(-2000)}`)
    const settings = {
      KGO_SEEDS: bootstrap,
      KGO_TEST_RF: '1',
      KGO_TEST_RECORDS: '20000',
      KGO_TEST_MAX_TOPIC_PARTS: '4',
      KGO_LOG_LEVEL: 'none'
    }
    const pattern = skipped.map(([name]) => `^${name}`).join('|')
    const result = await run(program, ['-test.v', '-test.timeout', '280s', '-test.skip', pattern], {
      cwd: source,
      env: { ...env, ...settings },
      timeoutMs: 300_000
    })
    for (const [name, reason] of skipped) check.skipped(`${name}…`, reason)
    report(check, result)
  }
}

const goGroups = (client, version) => ({
  name: client,
  client,
  what: 'consumers in groups',
  version,
  needs: ['go'],
  once: true,
  overrides: swiftGroups,
  async run({ bootstrap, tools, check }) {
    const { command, dir, env } = tools.go
    const program = join(root, '.cache', 'clients', 'go-groups')
    const options = { cwd: dir, env, timeoutMs: 400_000 }
    const built = await run(command, ['build', '-o', program, './groups'], options)
    must(built.code === 0, `it does not compile: ${built.stderr.slice(-2000)}`)
    await reportProgram(check, program, [bootstrap, client], { timeoutMs: 120_000 })
  }
})

/** Their own tests need several brokers or fixed addresses. */
export const otherGoClients = [goGroups('sarama', 'v1.61.1'), goGroups('kafka-go', 'v0.4.51')]

/** Tests of the second level and of the first; the reason of a failure is what was said before its verdict. */
function report(check, { code, stdout, stderr }) {
  const said = lines(stdout)
  let all = 0
  for (const [at, line] of said.entries()) {
    const [, verdict, title] = /^\s*--- (PASS|FAIL|SKIP): (\S+)/.exec(line) ?? []
    if (verdict === undefined) continue
    all++
    const around = said.slice(Math.max(0, at - 12), at + 3).filter(text => !/=== |deleting/.test(text))
    if (verdict === 'PASS') check.passed(title)
    if (verdict === 'FAIL') check.failed(title, around.join('\n').trim())
    if (verdict === 'SKIP') {
      const reason = around.findLast(text => /^\s+\w+\.go:\d+: /.test(text)) ?? ''
      check.skipped(title, `the test itself says: ${reason.replace(/^\s+\S+ /, '')}`)
    }
  }
  const end = said.at(-1)
  if (all === 0 || (code !== 0 && end !== 'FAIL'))
    check.failed('the tests run to their end', `${stdout.slice(-1500)}\n${stderr.slice(-1500)}`)
}
