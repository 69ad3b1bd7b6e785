// What of the clients this machine has, and what can be had: kcat and Chromium by apt-get, jars by Maven, Python packages by pip.
// A tool that cannot be had is undefined here, and the suites that need it are skipped by name.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './broker.mjs'
import { run } from './processes.mjs'

const cache = join(root, '.cache', 'clients')

const works = async (command, args) => (await run(command, args)).code === 0

/** By Debian's package of that name, where this may be done. */
async function installed(name) {
  if (process.getuid?.() !== 0 || !(await works('apt-get', ['--version']))) return
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update'], { env, timeoutMs: 180_000 })
  await run('apt-get', ['install', '-y', '--no-install-recommends', name], { env, timeoutMs: 180_000 })
}

async function kcat() {
  if (!(await works('kcat', ['-V']))) await installed('kcat')
  return (await works('kcat', ['-V'])) ? { command: 'kcat' } : undefined
}

async function chromium() {
  const command = process.env.CHROMIUM ?? '/usr/bin/chromium'
  if (!(await works(command, ['--version']))) await installed('chromium')
  return (await works(command, ['--version'])) ? { command } : undefined
}

const javaLibraries = {
  '3.9.1': [
    'org.apache.kafka:kafka_2.13:3.9.1',
    'org.apache.kafka:kafka-tools:3.9.1',
    'org.slf4j:slf4j-nop:1.7.36'
  ],
  '1.0.2': ['org.apache.kafka:kafka-clients:1.0.2', 'org.slf4j:slf4j-nop:1.7.25'],
  '0.10.2.2': ['org.apache.kafka:kafka-clients:0.10.2.2', 'org.slf4j:slf4j-nop:1.7.21'],
  '0.8.2.2': ['org.apache.kafka:kafka_2.11:0.8.2.2']
}

function pom(version, coordinates) {
  const dependencies = coordinates.map(text => {
    const [group, artifact, wanted] = text.split(':')
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${wanted}</version></dependency>`
  })
  return `<project><modelVersion>4.0.0</modelVersion><groupId>odradek</groupId><artifactId>clients-${version}</artifactId>
<version>1</version><dependencies>${dependencies.join('\n')}</dependencies></project>\n`
}

/** The jars of one version in .cache/clients/<version>/lib; undefined when Maven cannot get them. */
async function jars(version, coordinates) {
  const dir = join(cache, version)
  const lib = join(dir, 'lib')
  const done = join(dir, 'complete')
  if (existsSync(done)) return lib
  if (!(await works('mvn', ['-v']))) return undefined
  rmSync(lib, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, 'pom.xml'), pom(version, coordinates))
  const options = { cwd: dir, timeoutMs: 400_000 }
  const result = await run(
    'mvn',
    ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${lib}`],
    options
  )
  if (result.code !== 0) {
    console.log(`clients: Maven cannot get Kafka ${version}: ${result.stdout.trim().split('\n')[0] ?? ''}`)
    return undefined
  }
  writeFileSync(done, '')
  return lib
}

/** {lib, classPath}: a version's jars with our small programs compiled against them. */
async function javaVersion(version, coordinates) {
  const lib = await jars(version, coordinates)
  if (lib === undefined) return undefined
  const sources = join(root, 'test', 'clients', 'java')
  const files = readdirSync(sources).filter(name => version !== '0.8.2.2' || name === 'Writer.java')
  const classes = join(cache, version, 'classes')
  mkdirSync(classes, { recursive: true })
  const words = ['-nowarn', '-cp', join(lib, '*'), '-d', classes, ...files.map(name => join(sources, name))]
  const result = await run('javac', words)
  if (result.code !== 0) throw new Error(`javac for ${version}: ${result.stderr}`)
  return { version, classPath: `${classes}:${join(lib, '*')}` }
}

async function java() {
  if (!(await works('java', ['-version'])) || !(await works('javac', ['-version']))) return {}
  const found = {}
  for (const [version, coordinates] of Object.entries(javaLibraries)) {
    const usable = await javaVersion(version, coordinates)
    if (usable !== undefined) found[`java ${version}`] = usable
  }
  return found
}

const pythonPackages = { 'confluent-kafka': 'confluent_kafka', 'kafka-python': 'kafka' }

async function python() {
  if (!(await works('python3', ['--version']))) return {}
  const dir = join(cache, 'python')
  const command = join(dir, 'bin', 'python')
  if (!existsSync(command) && !(await works('python3', ['-m', 'venv', dir]))) return {}
  const found = {}
  for (const [name, module] of Object.entries(pythonPackages)) {
    const has = () => works(command, ['-c', `import ${module}`])
    if (!(await has())) await run(command, ['-m', 'pip', 'install', '-q', name], { timeoutMs: 180_000 })
    if (await has()) found[name] = { command }
  }
  return found
}

/** By the names that suites put in `needs`. */
export async function findTools(wanted) {
  const some = test => wanted.some(test)
  return {
    kcat: some(name => name === 'kcat') ? await kcat() : undefined,
    chromium: some(name => name === 'chromium') ? await chromium() : undefined,
    ...(some(name => name.startsWith('java')) ? await java() : {}),
    ...(some(name => name in pythonPackages) ? await python() : {})
  }
}
