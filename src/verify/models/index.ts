// Every model, in the order in which `npm run check` takes them.
import type { ModelEntry } from '../entry.js'

export const models: readonly ModelEntry[] = []
