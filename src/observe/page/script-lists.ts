// The part of the page's script that shows connections, topics and partitions, as text.

export const listsScript = `
/** Cells that are cut show the whole when they are pointed at. */
const texts = (made, ...values) => values.forEach((value, index) => {
  if (value === undefined) return
  const cell = made.children[index]
  if (cell.title !== value) cell.title = value
  setText(cell, value)
})

/** Kafka calls it unknown where a client has not said. */
const software = row => /^(unknown)?$/.test(row.softwareName) ? 'not said' : row.softwareName + ' ' + row.softwareVersion

const connectionRows = rowsOf('connections', [['Client', '9rem'], ['From', '9.5rem'], ['Software', '9rem'], ['Connection', '5.5rem'], ['Read?', '12.5rem'], ['Request', '1fr'], ['Quiet for', '4.5rem'], ['Processor', '7.5rem']], 30,
  (made, row) => texts(made, row.clientId ?? 'not known yet', row.clientHost + ':' + row.clientPort, software(row),
    row.state, row.mute, row.inFlight === undefined ? row.exchange : row.inFlight.api + ', ' + row.exchange + ', for ' + lasting(row.inFlight.sinceMs),
    lasting(row.idleMs), row.processor + ' (' + row.listener + ')'))
views.connections = {
  load: query => ask('/api/connections', { q: query.get('q') ?? '', ...connectionRows.query() }),
  show: answer => connectionRows.show(answer, 'connections')
}

const topicRows = rowsOf('topics', [['Topic', '1fr'], ['Partitions', '7rem'], ['Records', '9rem'], ['Size', '7rem'], ['Id', '14rem']], 30, (made, row) => {
  linkIn(made.children[0], row.name, '#topics?' + new URLSearchParams({ ...Object.fromEntries(address().query), topic: row.name }))
  made.classList.toggle('chosen', address().query.get('topic') === row.name)
  texts(made, undefined, whole(row.partitions), whole(row.records), sized(row.bytes), row.id)
})
const partitionRows = rowsOf('partitions', [['Partition', '1fr'], ['State', '6rem'], ['Offsets', '12rem'], ['High watermark', '8rem'], ['On the disk below', '9rem'], ['Size', '6rem'], ['Segments', '5rem'], ['Flushes, last', '9rem'], ['Thread', '4rem']], 30, (made, row) => {
  linkIn(made.children[0], row.topic + '-' + row.partition, '#disk?' + new URLSearchParams({ topic: row.topic, partition: row.partition, offset: Math.max(row.logStartOffset, row.logEndOffset - 1) }))
  texts(made, undefined, row.state, row.logStartOffset + ' to ' + row.logEndOffset, whole(row.highWatermark), row.recoveryPoint === row.logEndOffset ? 'all' : whole(row.recoveryPoint),
    sized(row.sizeBytes), whole(row.segments), row.flushes + (row.lastFlushMs === null ? '' : ', ' + lasting(row.lastFlushMs)), String(row.thread))
})
views.topics = {
  async load(query) {
    const [topics, partitions] = await Promise.all([
      ask('/api/topics', { q: query.get('q') ?? '', ...topicRows.query() }),
      ask('/api/partitions', { topic: query.get('topic') ?? '', q: query.get('topic') === null ? query.get('q') ?? '' : '', ...partitionRows.query() })])
    return { topics, partitions }
  },
  show({ topics, partitions }, query) {
    topicRows.show(topics, 'topics')
    partitionRows.show(partitions, 'partitions' + (query.has('topic') ? ' of ' + query.get('topic') : '; a link leads to the way of the last record to the disk'))
  }
}
`
