// Files that come with the package beside the code, wherever that lies: bundled in dist, unbundled below it, or as source.
import { readFile } from 'node:fs/promises'

/** undefined: it is not there, as where somebody else has bundled the broker. */
export async function packageFile(path: string): Promise<string | undefined> {
  for (const root of ['../', '../../../']) {
    try {
      return await readFile(new URL(root + path, import.meta.url), 'utf8')
    } catch {
      // Perhaps from where the module lies otherwise.
    }
  }
  return undefined
}
