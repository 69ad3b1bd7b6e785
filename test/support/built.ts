// Worker threads need JavaScript, the tests run TypeScript: this transpiles the runtime folder (no type check, about 0.2 s)
// into a cache folder named after its content, so that a worker never runs a stale dist. Tests of the whole broker on
// threads use dist instead, which `pretest` keeps fresh.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import ts from 'typescript'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The address of the folder that holds `actors/runtime/*.js` and `errors.js`; ends with a slash. */
export function builtRuntime(): string {
  const folder = join(root, 'src/actors/runtime')
  const files = ['errors.ts', ...readdirSync(folder).map(name => join('actors/runtime', name))].filter(name =>
    name.endsWith('.ts')
  )
  const sources = files.map(name => readFileSync(join(root, 'src', name), 'utf8'))
  const hash = createHash('sha256')
    .update(JSON.stringify([files, sources]))
    .digest('hex')
    .slice(0, 16)
  const target = join(root, 'node_modules/.cache/odradek-runtime', hash)
  if (!existsSync(target)) {
    const made = `${target}.${process.pid}`
    files.forEach((name, i) => {
      const path = join(made, name.replace(/\.ts$/, '.js'))
      mkdirSync(dirname(path), { recursive: true })
      const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext }
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
