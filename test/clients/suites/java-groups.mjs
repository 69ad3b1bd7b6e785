// Kafka's Java consumer and admin in groups, of the classic protocol (assignors range and cooperative-sticky) and of the new
// one: three members that come and go, committed offsets, static membership, fencing, what an admin sees and may do.
import { reportProgram } from '../programs.mjs'

/** Timers short enough for a test; the rest is as shipped. */
export const swiftGroups = {
  'group.initial.rebalance.delay.ms': '200',
  'group.consumer.heartbeat.interval.ms': '500',
  'group.consumer.min.heartbeat.interval.ms': '500'
}

const runs = [
  ['GroupChecks', 'classic', 'CooperativeStickyAssignor'],
  ['GroupChecks', 'classic', 'RangeAssignor'],
  ['GroupChecks', 'consumer', 'uniform'],
  ['GroupChecks', 'consumer', 'range'],
  ['GroupAdminChecks', 'classic', 'RangeAssignor'],
  ['GroupAdminChecks', 'consumer', 'uniform']
]

const suite = version => ({
  name: `java-${version}-groups`,
  client: "Kafka's Java client",
  what: 'consumers and admin in groups, both protocols',
  needs: [`java ${version}`],
  once: true,
  overrides: swiftGroups,
  async run({ bootstrap, tools, check }) {
    const { classPath } = tools[`java ${version}`]
    const jvm = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-cp', classPath]
    // Most of the time they wait for timers, so all run at once.
    await Promise.all(
      runs.map(([program, protocol, assignor]) =>
        reportProgram(
          labelled(check, `${protocol}, ${assignor}`),
          'java',
          [...jvm, program, bootstrap, protocol, assignor],
          { timeoutMs: 300_000 }
        )
      )
    )
  }
})

/** The programs have titles in common. */
function labelled(check, label) {
  const of = title => `${label}: ${title}`
  return Object.assign((title, run) => check(of(title), run), {
    passed: title => check.passed(of(title)),
    failed: (title, reason) => check.failed(of(title), reason),
    skipped: (title, reason) => check.skipped(of(title), reason)
  })
}

export const javaGroups = ['3.9.1', '4.0.0', '4.1.0'].map(suite)
