// Which states the three machines of a connection can be in together, as the composed model finds them: what a running
// broker was seen in has to be among them (src/verify/replay-joint.ts).
import { check } from '../../src/verify/check.js'
import { networkModel, smallNetwork } from '../../src/verify/models/network.model.js'

/** "open|notMuted|idle": channel, mute, exchange; those between two steps of one deed included. */
export function reachableJointStates(): ReadonlySet<string> {
  const reached = new Set(['open|notMuted|idle'])
  const onJoint = (...states: readonly string[]): void => void reached.add(states.join('|'))
  const alone = { ...smallNetwork, clients: 1, requests: 2, mayShed: true }
  check(networkModel('network', alone, { onJoint }))
  check(
    networkModel(
      'network',
      { ...smallNetwork, mayHalfClose: false, mayShed: true, mayPark: false },
      { onJoint }
    )
  )
  return reached
}
