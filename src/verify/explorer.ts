// A model to click through. The type of its states stays inside.
import type { Model } from './model.js'

export interface Explorer {
  readonly name: string
}

export const explorerOf = <S>(model: Model<S>): Explorer => ({ name: model.name })
