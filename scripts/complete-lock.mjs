// npm leaves optional packages of other platforms out of package-lock.json when it cannot see them, and `npm ci` then refuses
// the file. This adds an entry for each that is missing (name, version, platform): run it after every change of dependencies.
import { readFileSync, writeFileSync } from 'node:fs'

const systems = [
  'android',
  'darwin',
  'linux',
  'win32',
  'freebsd',
  'openbsd',
  'netbsd',
  'sunos',
  'aix',
  'openharmony'
]
const processors = [
  'arm64',
  'x64',
  'ia32',
  'arm',
  'ppc64',
  's390x',
  'riscv64',
  'loong64',
  'mips64el',
  'wasm32'
]
const musl = ['musl', 'musleabihf']
const glibc = ['gnu', 'gnueabihf', 'glibc']

const path = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(path, 'utf8'))
const { packages } = lock

/** Where node would find `name` from the package at `from`, or undefined. */
function resolve(from, name) {
  for (let base = from; ; base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/')))) {
    const candidate = `${base === '' ? '' : `${base}/`}node_modules/${name}`
    if (packages[candidate] !== undefined) return candidate
    if (base === '') return undefined
    if (!base.includes('/node_modules/')) base = ''
  }
}

function entryFor(name, version, dev) {
  const words = name.split(/[-/@.]/)
  const entry = { version, optional: true, ...(dev ? { dev: true } : {}) }
  const cpu = words.find(word => processors.includes(word))
  const os = name === 'fsevents' ? 'darwin' : words.find(word => systems.includes(word))
  const libc = words.some(word => musl.includes(word))
    ? 'musl'
    : words.some(word => glibc.includes(word))
      ? 'glibc'
      : undefined
  if (cpu !== undefined) entry.cpu = [cpu]
  if (os !== undefined) entry.os = [os]
  if (libc !== undefined) entry.libc = [libc]
  return entry
}

let added = 0
for (const [place, { optionalDependencies = {}, dev = false }] of Object.entries(packages)) {
  for (const [name, spec] of Object.entries(optionalDependencies)) {
    const version = spec.replace(/^[^\d]*/, '')
    const found = resolve(place, name)
    if (found !== undefined && (packages[found].version === version || !/^\d/.test(spec))) continue
    packages[found === undefined ? `node_modules/${name}` : `${place}/node_modules/${name}`] = entryFor(
      name,
      version,
      dev
    )
    added++
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`package-lock.json: ${added} optional packages of other platforms added`)
