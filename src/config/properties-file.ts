// Reads server.properties.
import { readFileSync } from 'node:fs'
import { errorMessage, StartupError } from '../errors.js'
import { decodeProperties } from './properties.js'

/** Throws StartupError when the file cannot be read. */
export function readPropertiesFile(path: string): Record<string, string> {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    throw new StartupError(`${path}: the configuration file cannot be read: ${errorMessage(error)}`)
  }
  return decodeProperties(bytes)
}
