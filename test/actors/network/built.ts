// Worker threads need JavaScript: this transpiles what the network layer consists of (no type check, about half a second)
// into a cache folder named after its content, so that a worker never runs anything stale.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import ts from 'typescript'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const folders = ['actors/runtime', 'actors/network', 'protocol']

/** The address of a folder that looks like dist, as far as the network layer needs it; ends with a slash. */
export function builtNetwork(): string {
  const files = ['errors.ts', ...folders.flatMap(folder => filesBelow(folder))]
  const sources = files.map(name => readFileSync(join(root, 'src', name), 'utf8'))
  const hash = createHash('sha256')
    .update(JSON.stringify([files, sources]))
    .digest('hex')
    .slice(0, 16)
  const target = join(root, 'node_modules/.cache/odradek-network', hash)
  if (!existsSync(target)) {
    const made = `${target}.${process.pid}`
    const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext }
    files.forEach((name, i) => {
      const path = join(made, name.replace(/\.ts$/, '.js'))
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, ts.transpileModule(sources[i] ?? '', { compilerOptions }).outputText)
    })
    try {
      renameSync(made, target)
    } catch {
      // Another test process was quicker.
      rmSync(made, { recursive: true, force: true })
    }
  }
  return `${pathToFileURL(target).href}/`
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, 'src', folder), { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return filesBelow(path)
    return entry.name.endsWith('.ts') ? [path] : []
  })
}
