// kcat (librdkafka): all codecs, every acks, idempotence, offsets by timestamp, metadata, large and empty records.
import { mustRun } from '../processes.mjs'
import { lines, must, mustEqual, numbered } from '../records.mjs'

const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd']

export const kcat = {
  name: 'kcat',
  client: 'kcat',
  what: 'producer and consumer, every codec; consumers in a group',
  needs: ['kcat'],
  async run({ bootstrap, tools, check }) {
    const swift = ['-X', 'fetch.wait.max.ms=20', '-X', 'topic.metadata.refresh.fast.interval.ms=50']
    const call = (words, options) =>
      mustRun(tools.kcat.command, ['-b', bootstrap, ...swift, ...words], options)
    const produce = (topic, words, records) =>
      call(['-P', '-t', topic, '-K:', ...words], { input: `${records.join('\n')}\n` })
    const consume = async (topic, words = [], format = '%k:%s\n') =>
      lines(await call(['-C', '-t', topic, '-e', '-q', '-o', 'beginning', '-f', format, ...words]))

    for (const codec of codecs) {
      await check(`${codec}: what was produced is read back in order`, async () => {
        const topic = `kcat-${codec}`
        const records = numbered(2000, codec)
        await produce(topic, ['-z', codec, '-p', '0'], records)
        mustEqual(await consume(topic), records, 'records')
        const offsets = await consume(topic, ['-p', '0'], '%o\n')
        mustEqual(
          offsets,
          records.map((_, index) => String(index)),
          'offsets'
        )
      })
    }
    for (const acks of ['0', '1', 'all']) {
      await check(`acks=${acks}: what was produced is read back`, async () => {
        const records = numbered(500, `acks ${acks}`)
        await produce(`kcat-acks-${acks}`, ['-X', `acks=${acks}`, '-p', '0'], records)
        mustEqual(await consumeAll(consume, `kcat-acks-${acks}`, records.length), records, 'records')
      })
    }
    await check('an idempotent producer writes each record once', async () => {
      const records = numbered(3000, 'idempotent')
      await produce('kcat-idempotent', ['-X', 'enable.idempotence=true', '-p', '0'], records)
      mustEqual(await consume('kcat-idempotent'), records, 'records')
    })
    await check('a record of 900 kB and an empty one are read back', async () => {
      const records = [`big:${'y'.repeat(900_000)}`, 'empty:']
      await produce('kcat-sizes', ['-p', '0'], records)
      mustEqual(await consume('kcat-sizes'), records, 'records')
    })
    await check('headers arrive', async () => {
      await produce('kcat-headers', ['-H', 'colour=blue', '-H', 'size=7'], ['k:v'])
      mustEqual(await consume('kcat-headers', [], '%h\n'), ['colour=blue,size=7'], 'headers')
    })
    await inGroup({ call, produce, check })
    await check('an offset is found by its timestamp', () => byTimestamp({ call, produce, consume }))
    await check('consuming from an offset and from the tail begins there', async () => {
      const all = await consume('kcat-none')
      mustEqual(await consume('kcat-none', ['-p', '0', '-o', '1990']), all.slice(1990), 'from 1990')
      mustEqual(await consume('kcat-none', ['-p', '0', '-o', '-3']), all.slice(-3), 'the last three')
    })
    await check('metadata lists the broker at its advertised address and every topic', async () => {
      const metadata = JSON.parse(await call(['-L', '-J']))
      mustEqual(
        metadata.brokers.map(({ name }) => name),
        [bootstrap],
        'brokers'
      )
      const topic = metadata.topics.find(({ topic }) => topic === 'kcat-none')
      must(topic?.partitions.length === 1, `kcat-none: ${JSON.stringify(topic)}`)
      must(topic.partitions[0].leader === metadata.brokers[0].id, 'the leader is another broker')
      for (const codec of codecs) {
        must(
          metadata.topics.some(({ topic }) => topic === `kcat-${codec}`),
          `kcat-${codec} is missing`
        )
      }
    })
  }
}

/** With acks=0 the producer may be gone before the broker has appended: the last records come a little later. */
async function consumeAll(consume, topic, count) {
  let records = []
  for (let attempt = 0; attempt < 20 && records.length < count; attempt++) {
    if (attempt > 0) await new Promise(resolve => setTimeout(resolve, 100))
    records = await consume(topic)
  }
  return records
}

async function byTimestamp({ call, produce, consume }) {
  const topic = 'kcat-time'
  await produce(topic, ['-p', '0'], numbered(300, 'early'))
  await new Promise(resolve => setTimeout(resolve, 1200))
  await produce(topic, ['-p', '0', '-z', 'gzip'], numbered(300, 'late'))
  const stamps = (await consume(topic, [], '%T\n')).map(Number)
  const between = stamps[299] + 500
  must(stamps[300] > between, `timestamps ${stamps[299]} and ${stamps[300]} are too close for this check`)
  const expected = [
    [stamps[0], 0],
    [between, 300],
    [stamps[450], stamps.findIndex(stamp => stamp >= stamps[450])],
    [stamps[599] + 60_000, 600]
  ]
  for (const [stamp, offset] of expected) {
    const said = (await call(['-Q', '-t', `${topic}:0:${stamp}`])).trim()
    const found = Number(/offset (-?\d+)/.exec(said)?.[1])
    must(
      found === offset || (offset === 600 && found === -1),
      `at ${stamp}: '${said}' instead of offset ${offset}`
    )
  }
  const late = await consume(topic, ['-p', '0', '-o', `s@${between}`], '%o\n')
  mustEqual(
    late,
    Array.from({ length: 300 }, (_, index) => String(300 + index)),
    'offsets from the time on'
  )
}

/** `-G` reads until it is stopped or has reached the end everywhere; `-e` alone stops it there. */
async function inGroup({ call, produce, check }) {
  const topic = 'kcat-group'
  const swift = ['-X', 'auto.offset.reset=earliest', '-X', 'session.timeout.ms=6000']
  const read = async count => {
    const words = ['-G', 'kcat-readers', '-q', '-c', String(count), '-f', '%s\n', ...swift, topic]
    return lines(await call(words, { timeoutMs: 30_000 }))
  }
  await check('a group goes on where its last member stopped', async () => {
    await produce(topic, ['-p', '0'], numbered(100, 'group'))
    const first = await read(40)
    const second = await read(60)
    const all = numbered(100, 'group').map(line => line.slice(line.indexOf(':') + 1))
    mustEqual([...first, ...second], all, 'values')
  })
}
