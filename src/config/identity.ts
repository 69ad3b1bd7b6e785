// broker.id and node.id are one number under two names.
import { brokerDefinition } from './definitions.js'
import { refuse, type Setting, type Settings } from './settings.js'

/** Copies the one that is set to the other and checks the range that applies. */
export function resolveIdentity(settings: Settings): void {
  const { known } = settings
  const broker = known.get('broker.id')
  const node = known.get('node.id')
  if (broker !== undefined && node !== undefined && broker.value !== node.value) {
    refuse(settings, 'node.id', `'${node.text}' is not broker.id '${broker.text}'; set one of them`)
  }
  const id = broker ?? node
  if (id === undefined) return
  known.set('broker.id', id)
  known.set('node.id', id)
  checkRange(settings, { id, name: broker === undefined ? 'node.id' : 'broker.id' })
}

function checkRange(settings: Settings, { id, name }: { id: Setting; name: string }): void {
  const { known } = settings
  const value = Number(id.value)
  const kraft = known.has('process.roles')
  const mayDraw = known.get('broker.id.generation.enable')?.value !== false
  if (kraft || !mayDraw) {
    if (value < 0) refuse(settings, name, `'${id.text}': Value must be at least 0`)
    return
  }
  const reserved =
    known.get('reserved.broker.max.id')?.value ?? brokerDefinition('reserved.broker.max.id').fallback
  if (value < -1 || value > Number(reserved)) {
    refuse(settings, name, `'${id.text}': it must be between -1 and reserved.broker.max.id (${reserved})`)
  }
}
