// kafka-consumer-groups of Kafka 3.9 in all its forms, on a group with a member and on one without: list, describe, reset
// offsets, delete offsets, delete groups; the console consumer in a group.
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { start } from '../processes.mjs'
import { lines, must, mustEqual } from '../records.mjs'
import { swiftGroups } from './java-groups.mjs'
import { toolCaller } from './java-tools.mjs'

const command = 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand'
const consoleConsumer = 'org.apache.kafka.tools.consumer.ConsoleConsumer'

export const groupTools = {
  name: 'java-group-tools',
  client: "Kafka's tools",
  what: 'kafka-consumer-groups and the console consumer in a group',
  needs: ['java 3.9.1'],
  once: true,
  overrides: swiftGroups,
  async run({ bootstrap, tools, check, dataDir }) {
    const call = toolCaller(tools)
    const tool = (name, words, options) => call(name, ['--bootstrap-server', bootstrap, ...words], options)
    const groups = words => tool(command, words)
    const world = { bootstrap, tools, tool, groups, check, dataDir }
    await prepare(world)
    await records(world, call)
    await onEmptyGroup(world)
    await withMember(world)
    await deletions(world)
  }
}

/** Rows of a table without its head, each a list of words. */
const rows = text =>
  lines(text)
    .filter(line => !/^\s*$|^GROUP\s|^TOPIC\s|^Consumer group|^Note/.test(line))
    .map(line => line.trim().split(/\s+/))

async function prepare({ tool, check }) {
  await tool('org.apache.kafka.tools.TopicCommand', ['--create', '--topic', 'cg', '--partitions', '2'])
  const input = Array.from({ length: 100 }, (_, index) => `k${index}:line ${index}`)
  const keyed = ['--property', 'parse.key=true', '--property', 'key.separator=:']
  await tool('kafka.tools.ConsoleProducer', ['--topic', 'cg', ...keyed], { input: `${input.join('\n')}\n` })
  const read = max => [
    '--topic',
    'cg',
    '--group',
    'cg-group',
    '--from-beginning',
    '--max-messages',
    String(max)
  ]
  await check('the console consumer of a group goes on where it stopped', async () => {
    const first = lines(await tool(consoleConsumer, read(30)))
    const second = lines(await tool(consoleConsumer, read(70)))
    must(first.length === 30 && second.length === 70, `${first.length} and ${second.length} lines`)
    mustEqual(
      [...first, ...second].sort(),
      input.map(line => line.slice(line.indexOf(':') + 1)).sort(),
      'lines of both'
    )
  })
}

/** What stands in __consumer_offsets, as Kafka's own readers tell it. */
async function records({ tool, check, dataDir }, call) {
  const formatted = async formatter =>
    await tool(consoleConsumer, [
      ...['--topic', '__consumer_offsets', '--from-beginning', '--timeout-ms', '3000'],
      ...['--formatter', `org.apache.kafka.tools.consumer.${formatter}`]
    ])
  await check('the formatters for __consumer_offsets read offsets and groups', async () => {
    const offsets = await formatted('OffsetsMessageFormatter')
    must(/"group":"cg-group","topic":"cg","partition":[01]}},"value":{"version":3/.test(offsets), offsets)
    const groups = await formatted('GroupMetadataMessageFormatter')
    must(/"group":"cg-group"}},"value":{"version":3,.*"protocolType":"consumer"/.test(groups), groups)
  })
  await check('kafka-dump-log decodes every record of __consumer_offsets', async () => {
    const dirs = readdirSync(dataDir).filter(dir => dir.startsWith('__consumer_offsets-'))
    const files = dirs.map(dir => join(dataDir, dir, '00000000000000000000.log'))
    const words = ['--offsets-decoder', '--files', files.join(',')]
    const said = lines(await call('kafka.tools.DumpLogSegments', words, { onStderr: () => {} }))
    const found = said.filter(line => line.startsWith('| offset: '))
    must(found.length > 4, `${found.length} records`)
    const plain = found.filter(
      line => !/ key: {"type":"[1-8]","data":{.*} payload: ({"version":|<DELETE>)/.test(line)
    )
    must(plain.length === 0, plain.slice(0, 3).join('\n'))
  })
}

async function onEmptyGroup({ groups, check, dataDir }) {
  const offsets = async () =>
    rows(await groups(['--describe', '--group', 'cg-group', '--offsets']))
      .map(([group, topic, partition, current, end, lag]) => [group, topic, partition, current, end, lag])
      .sort((a, b) => Number(a[2]) - Number(b[2]))
  const committed = async () => (await offsets()).map(row => Number(row[3]))
  await check('an empty group is listed, with its state and its type', async () => {
    must(lines(await groups(['--list'])).includes('cg-group'), 'it is not listed')
    const states = rows(await groups(['--list', '--state', 'empty']))
    must(
      states.some(([name, ...rest]) => name === 'cg-group' && rest.includes('Empty')),
      String(states)
    )
    must(!(await groups(['--list', '--state', 'stable'])).includes('cg-group'), 'it is among the stable ones')
    must(
      (await groups(['--list', '--type', 'classic'])).includes('cg-group'),
      'it is not among the classic ones'
    )
  })
  await check('what a group has read is described, with no member left', async () => {
    const all = await offsets()
    must(all.length === 2 && all.every(([, topic, , , , lag]) => topic === 'cg' && lag === '0'), String(all))
    const sum = (await committed()).reduce((total, value) => total + value, 0)
    must(sum === 100, `${sum} in all`)
    const state = await groups(['--describe', '--group', 'cg-group', '--state'])
    must(/cg-group\s+\S+:\d+\s+\(\d+\).*Empty\s+0/.test(state), state)
  })
  const reset = words => groups(['--reset-offsets', '--group', 'cg-group', '--topic', 'cg', ...words])
  await check('a reset that is only planned changes nothing', async () => {
    const before = await committed()
    // The tool of 3.9 prints this table without ends of lines.
    const said = (await reset(['--to-earliest', '--dry-run'])).trim().split(/\s+/).slice(4)
    mustEqual([said.length, said[3], said[7]], [8, '0', '0'], 'words of the plan')
    mustEqual(await committed(), before, 'offsets')
  })
  const end = await committed()
  await check('offsets are reset: earliest, latest, an offset, a shift, a time, a duration', async () => {
    await reset(['--to-earliest', '--execute'])
    mustEqual(await committed(), [0, 0], 'earliest')
    await reset(['--shift-by', '7', '--execute'])
    mustEqual(await committed(), [7, 7], 'shifted')
    await reset(['--to-offset', '5', '--execute'])
    mustEqual(await committed(), [5, 5], 'an offset')
    await reset(['--to-latest', '--execute'])
    mustEqual(await committed(), end, 'latest')
    await reset(['--by-duration', 'PT1H', '--execute'])
    mustEqual(await committed(), [0, 0], 'an hour ago')
    await reset(['--to-datetime', '2099-01-01T00:00:00.000', '--execute'])
    mustEqual(await committed(), end, 'a day to come')
  })
  await check('offsets are exported, and imported again', async () => {
    await reset(['--to-offset', '3', '--execute'])
    const csv = lines(await reset(['--to-current', '--export', '--dry-run'])).filter(line =>
      /^cg,/.test(line)
    )
    must(csv.length === 2, csv.join('\n'))
    const file = join(dataDir ?? '.cache', 'offsets.csv')
    writeFileSync(file, csv.map(line => `${line.replace(/,3$/, ',4')}\n`).join(''))
    await groups(['--reset-offsets', '--group', 'cg-group', '--from-file', file, '--execute'])
    mustEqual(await committed(), [4, 4], 'offsets of the file')
  })
}

async function withMember({ bootstrap, tools, groups, check }) {
  const { classPath } = tools['java 3.9.1']
  for (const [group, protocol] of [
    ['cg-classic', 'classic'],
    ['cg-new', 'consumer']
  ]) {
    const words = ['--bootstrap-server', bootstrap, '--topic', 'cg', '--group', group, '--from-beginning']
    const jvm = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-cp', classPath]
    const property = ['--consumer-property', `group.protocol=${protocol}`]
    const member = start('java', [...jvm, consoleConsumer, ...words, ...property])
    const startMs = performance.now()
    while (lines(member.output.stdout).length < 100 && performance.now() - startMs < 20_000)
      await new Promise(resolve => setTimeout(resolve, 50))
    await check(`a group with a member is described in every form (${protocol})`, async () => {
      const members = rows(await groups(['--describe', '--group', group, '--members', '--verbose']))
      must(members.length === 1 && /\(0,1\)/.test(members[0].join(' ')), String(members))
      const state = await groups(['--describe', '--group', group, '--state'])
      must(/Stable\s+1/.test(state), state)
      const offsets = rows(await groups(['--describe', '--group', group]))
      must(
        offsets.length === 2 &&
          offsets.every(row => row[6].startsWith('console-consumer-') || row[6].length > 10),
        String(offsets)
      )
      const listed = await groups(['--list', '--type', protocol])
      must(listed.includes(group), listed)
      must((await groups(['--describe', '--all-groups'])).includes(group), 'it is not among all groups')
    })
    await check(`neither reset nor deleted while it has a member (${protocol})`, async () => {
      const reset = await groups([
        ...['--reset-offsets', '--group', group, '--topic', 'cg', '--to-earliest', '--execute']
      ]).catch(error => error.message)
      must(/only if the group '?.*'? is inactive|Stable/.test(reset), reset)
      const deleted = await groups(['--delete', '--group', group]).catch(error => error.message)
      must(/GroupNotEmpty/.test(deleted), deleted)
    })
    member.child.kill('SIGTERM')
    await member.ended
  }
}

async function deletions({ groups, check }) {
  await check('offsets of a topic are deleted from a group', async () => {
    const words = ['--delete-offsets', '--group', 'cg-group', '--topic', 'cg']
    const said = await groups(words)
    must(/Request succeed/.test(said), said)
    const left = rows(await groups(['--describe', '--group', 'cg-group']).catch(error => error.message))
    must(!left.some(row => row[1] === 'cg'), String(left))
  })
  await check('groups are deleted, and one that nobody knows is refused', async () => {
    const said = await groups(['--delete', '--group', 'cg-classic', '--group', 'cg-new'])
    must(/Deletion of requested consumer groups \(.*\) was successful/.test(said), said)
    const left = lines(await groups(['--list']))
    must(!left.includes('cg-classic') && !left.includes('cg-new'), left.join())
    const unknown = await groups(['--delete', '--group', 'nobody']).catch(error => error.message)
    must(/GroupIdNotFound/.test(unknown), unknown)
  })
}
