// States of a classic group, finer than those that Kafka has names for, and those names.

export type GroupPhase =
  | 'empty'
  | 'gathering'
  | 'gatheringMore'
  | 'preparing'
  | 'completing'
  | 'storing'
  | 'stable'
  | 'dead'

export const kafkaState: Readonly<Record<GroupPhase, string>> = {
  empty: 'Empty',
  gathering: 'PreparingRebalance',
  gatheringMore: 'PreparingRebalance',
  preparing: 'PreparingRebalance',
  completing: 'CompletingRebalance',
  storing: 'CompletingRebalance',
  stable: 'Stable',
  dead: 'Dead'
}
