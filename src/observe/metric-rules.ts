// The same figures under the names that different sets of exporter rules give Kafka's beans, so that dashboards made for one of
// them are answered without a rule of one's own.
import type { Family, Labels } from './prometheus-text.js'

/** usual: the JMX exporter's own example for Kafka 2.x and later; the others are those that come with their dashboards. */
export const ruleSets = ['usual', 'strimzi', 'confluent'] as const
export type RuleSet = (typeof ruleSets)[number]

export const isRuleSet = (name: string): name is RuleSet => ruleSets.some(each => each === name)

/** Families in the usual names → those of the rules. Names of our own stay as they are. */
export function underRules(families: readonly Family[], rules: RuleSet): readonly Family[] {
  if (rules === 'usual') return families
  const nameOf = rules === 'strimzi' ? strimziName : confluentName
  const labelOf = rules === 'strimzi' ? (label: string): string => label : confluentLabel
  return families.map(family =>
    family.name.startsWith('kafka_')
      ? {
          ...family,
          name: nameOf(family.name),
          samples: family.samples.map(({ labels, value }) => ({ labels: relabelled(labels, labelOf), value }))
        }
      : family
  )
}

function relabelled(labels: Labels, labelOf: (label: string) => string): Labels {
  return Object.fromEntries(Object.entries(labels).map(([label, value]) => [labelOf(label), value]))
}

/** Percentages end in `_percent`, of meters the mean; the socket server's sensors keep their type's hyphens. */
function strimziName(name: string): string {
  if (name === 'kafka_server_socketservermetrics_connections')
    return 'kafka_server_socket_server_metrics_connections_software'
  return name
    .replace('_socketservermetrics_', '_socket_server_metrics_')
    .replace(/percent(?:_meanrate)?$/, '_percent')
}

/** Counts of meters keep the name of their bean, and have no suffix. */
function confluentName(name: string): string {
  if (name.includes('_socketservermetrics_')) return name
  return name.replace(/_total$/, 'persec').replace(/percent_count$/, 'percent')
}

const confluentLabels: Readonly<Record<string, string>> = {
  clientSoftwareName: 'client_software_name',
  clientSoftwareVersion: 'client_software_version'
}

const confluentLabel = (label: string): string => confluentLabels[label] ?? label.toLowerCase()
