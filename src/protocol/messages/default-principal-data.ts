// DefaultPrincipalData: stored or embedded data, every version.
import { bool, message, string, type ValueOf } from '../schema.js'

export const defaultPrincipalData = message({
  name: 'DefaultPrincipalData',
  type: 'data',
  versions: '0',
  flexible: '0+',
  fields: {
    type: string('0+'),
    name: string('0+'),
    tokenAuthenticated: bool('0+')
  }
})
export type DefaultPrincipalData = ValueOf<typeof defaultPrincipalData>
