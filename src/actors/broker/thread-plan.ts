// From the configuration to the placement table: how many threads, and what each of them runs.
import { availableParallelism } from 'node:os'
import type { BrokerConfig } from '../../config/broker-config.js'
import { Bug } from '../../errors.js'
import { type PlacementTable, placementTable } from '../runtime/placement.js'

/** odradek.workers=0: one worker serves two cores best (docs/design.md 4); more cores get one for every two. */
function workersOf(config: BrokerConfig): number {
  const configured = config.get('odradek.workers')
  return configured > 0 ? configured : Math.max(1, Math.floor(availableParallelism() / 2))
}

export function threadPlan(config: BrokerConfig): PlacementTable {
  const placement = config.get('odradek.placement')
  switch (placement) {
    case 'inline':
      return placementTable('inline', 0)
    case 'perCore':
    case 'networkOnMain':
      return placementTable(placement, workersOf(config))
    default:
      throw new Bug(`odradek.placement ${placement} passed its check`)
  }
}
