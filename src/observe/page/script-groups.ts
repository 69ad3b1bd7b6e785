// The part of the page's script that shows consumer groups, as text.

export const groupsScript = `
const groupRows = rowsOf('groups', [['Group', '1fr'], ['State', '10rem'], ['Kind', '6rem'], ['Protocol', '12rem'], ['Members', '5rem'], ['Committed', '7rem'], ['Lives on', '12rem']], 30, (made, row) => {
  linkIn(made.children[0], row.groupId === '' ? '(no name)' : row.groupId, '#groups?' + new URLSearchParams({ ...Object.fromEntries(address().query), id: row.groupId }))
  made.classList.toggle('chosen', address().query.get('id') === row.groupId)
  texts(made, undefined, row.state, row.kind, [row.protocolType, row.protocol].filter(Boolean).join(', ') || 'none', whole(row.members), whole(row.offsets) + ' of partitions', '__consumer_offsets-' + row.offsetsPartition)
})

const mostShown = 500
const known = (value, said) => value === null ? 'unknown' : said(value)
const readBy = member => member.assigned === undefined ? 'in a form of the clients’ own'
  : member.assigned.map(({ topic, partitions }) => topic + ' ' + partitions.join(', ')).join('; ') || 'nothing'

function showGroup(group) {
  const panel = byId('group')
  panel.hidden = group === undefined
  if (group === undefined) return
  if (group.error !== undefined) return panel.replaceChildren(element('p', {}, group.error))
  const behind = group.partitions.length === 0 ? 'It has committed nothing.'
    : 'It is ' + whole(group.lag) + ' records behind' + (group.unknown === 0 ? '.' : '; of ' + group.unknown + ' partitions that is not known.')
  const names = new Map(group.memberLooks.map(member => [member.memberId, member.clientId]))
  const members = group.memberLooks.map(member => [member.memberId, member.groupInstanceId ?? '', member.clientId, member.clientHost, readBy(member)])
  const partitions = group.partitions.slice(0, mostShown).map(each => [each.topic + '-' + each.partition, known(each.committed, whole), known(each.end, whole), known(each.lag, whole),
    each.committedAtMs === null ? 'never' : time(each.committedAtMs), names.get(each.memberId) ?? 'nobody', each.metadata])
  const rest = group.partitions.length - partitions.length
  panel.replaceChildren(
    element('h3', {}, group.groupId), element('p', { className: 'sentence' }, 'The group is ' + group.state + '. ' + behind),
    members.length === 0 ? element('p', {}, 'It has no members.') : table('Members', ['member', 'instance', 'client', 'from', 'reads'], members),
    table('Partitions' + (rest === 0 ? '' : ', the first ' + mostShown), ['partition', 'committed', 'end', 'lag', 'at', 'read by', 'metadata'], partitions))
}

views.groups = {
  async load(query) {
    const chosen = query.get('id')
    const [list, group] = await Promise.all([
      ask('/api/groups', { q: query.get('q') ?? '', ...groupRows.query() }),
      chosen === null ? undefined : ask('/api/group', { id: chosen })])
    return { list, group }
  },
  show({ list, group }) {
    groupRows.show(list, 'groups')
    showGroup(group)
  }
}
`
