// librdkafka's own tests that need a broker, those that take less than a minute: producing, consuming, groups, and the ones about
// consumers once more with the new protocol of groups. The whole suite takes half an hour (by-hand.json has its results).
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { run } from '../processes.mjs'
import { lines } from '../records.mjs'

const runs = [
  {
    protocol: 'classic',
    kafka: '3.9.0',
    tests: `0001 0002 0003 0005 0007 0008 0011 0012 0013 0014 0015 0017 0018 0019 0020 0021 0022 0026 0029 0030 0031 0036 0039 0040
      0041 0044 0046 0048 0050 0054 0056 0057 0059 0063 0069 0070 0072 0073 0074 0085 0099 0102 0112 0114 0118 0120 0122 0130 0132`
  },
  {
    protocol: 'consumer',
    kafka: '4.0.0',
    tests: '0014 0015 0018 0019 0022 0026 0029 0030 0033 0050 0056 0069 0099 0112 0118 0122 0130 0153'
  }
]

export const librdkafka = {
  name: 'librdkafka',
  client: 'librdkafka',
  what: 'those of its own tests that take less than a minute, in both protocols of groups',
  needs: ['librdkafka tests'],
  once: true,
  overrides: { 'group.initial.rebalance.delay.ms': '200', 'num.partitions': '4' },
  async run({ bootstrap, tools, check }) {
    const { runner, env } = tools['librdkafka tests']
    const dir = mkdtempSync(join(tmpdir(), 'odradek-librdkafka-'))
    const settings = [
      `metadata.broker.list=${bootstrap}`,
      'test.topic.random=true',
      'test.timeout.multiplier=2'
    ]
    writeFileSync(join(dir, 'test.conf'), `${settings.join('\n')}\n`)
    for (const { protocol, kafka, tests } of runs) {
      const result = await run(runner, ['-p12'], {
        cwd: dir,
        env: {
          ...env,
          TESTS: tests.split(/\s+/).join(','),
          TEST_KAFKA_VERSION: kafka,
          TEST_CONSUMER_GROUP_PROTOCOL: protocol,
          RDKAFKA_TEST_CONF: join(dir, 'test.conf')
        },
        timeoutMs: 300_000
      })
      report(check, protocol, result)
    }
    rmSync(dir, { recursive: true, force: true })
  }
}

/** The table at the end has a line a test: name, verdict, seconds, and why it was skipped. */
function report(check, protocol, { code, stdout, stderr }) {
  const said = [...lines(stdout), ...lines(stderr)].map(stripVTControlCharacters)
  let all = 0
  for (const line of said) {
    const [, name, verdict, reason = ''] =
      /^\|\s+(\d{4}_\w+)\s+\|\s+(PASSED|FAILED|SKIPPED) \|\s+\S+\s+\|(.*)$/.exec(line) ?? []
    if (verdict === undefined) continue
    all++
    const title = `${protocol}: ${name}`
    if (verdict === 'PASSED') check.passed(title)
    if (verdict === 'SKIPPED') check.skipped(title, `the test itself says: ${reason.trim()}`)
    if (verdict === 'FAILED') {
      const around = said.filter(text => text.includes(name)).slice(-6)
      check.failed(title, [reason.trim(), ...around].join('\n').slice(-1500))
    }
  }
  if (all === 0 || (code !== 0 && !said.some(line => /\| +FAILED \|/.test(line)))) {
    check.failed(`${protocol}: the tests run to their end`, said.slice(-15).join('\n'))
  }
}
