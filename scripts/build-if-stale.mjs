// Rebuilds dist when a source file is newer: worker threads load dist, so a stale one would be run and tested.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const stamp = join(root, 'dist', '.built')

function fingerprint() {
  let files = 0
  let newestMs = 0
  const visit = path => {
    const stat = statSync(path)
    if (stat.isDirectory()) for (const name of readdirSync(path)) visit(join(path, name))
    else {
      files++
      newestMs = Math.max(newestMs, stat.mtimeMs)
    }
  }
  for (const name of ['src', 'scripts/bundle.mjs', 'tsconfig.json', 'tsconfig.build.json'])
    visit(join(root, name))
  return `${files} ${newestMs}`
}

/** `undefined` where there is none: an install without development dependencies. */
function compiler() {
  try {
    return createRequire(join(root, 'package.json')).resolve('typescript/bin/tsc')
  } catch {
    return undefined
  }
}

/** Without the bundler the broker runs from its modules, a little slower to start. */
async function joinModules() {
  try {
    createRequire(join(root, 'package.json')).resolve('rolldown')
  } catch {
    return
  }
  const { bundle } = await import('./bundle.mjs')
  await bundle(join(root, 'dist'))
}

function sourcesAreHere() {
  try {
    return statSync(join(root, 'src')).isDirectory()
  } catch {
    return false
  }
}

if (sourcesAreHere()) {
  const current = fingerprint()
  let built
  try {
    built = readFileSync(stamp, 'utf8')
  } catch {}
  if (built !== current || process.argv.includes('--force')) {
    const tsc = compiler()
    if (tsc === undefined) {
      console.log(
        'odradek: no TypeScript compiler here (development dependencies are absent); dist is left as it is'
      )
    } else {
      rmSync(join(root, 'dist'), { recursive: true, force: true })
      const result = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], {
        stdio: 'inherit'
      })
      if (result.status !== 0) process.exit(result.status ?? 1)
      await joinModules()
      writeFileSync(stamp, current)
    }
  }
}
