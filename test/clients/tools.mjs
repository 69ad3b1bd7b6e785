// What of the clients this machine has, and what can be had, each in one version: kcat and Chromium by apt-get, jars by Maven,
// Python packages by pip, node-rdkafka by npm (compiled here), Go modules by go. A tool that cannot be had is undefined here,
// and the suites that need it are skipped by name.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './broker.mjs'
import { java } from './java-libraries.mjs'
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
  const { code, stdout } = await run('kcat', ['-V'])
  if (code !== 0) return undefined
  const [, own, library] = /Version (\S+) .*librdkafka (\S+)/s.exec(stdout) ?? []
  return { command: 'kcat', version: `${own} (librdkafka ${library})` }
}

async function chromium() {
  const command = process.env.CHROMIUM ?? '/usr/bin/chromium'
  if (!(await works(command, ['--version']))) await installed('chromium')
  const { code, stdout } = await run(command, ['--version'])
  return code === 0 ? { command, version: stdout.trim().split(' ')[1] } : undefined
}

const pythonPackages = {
  'confluent-kafka': { module: 'confluent_kafka', version: '2.16.1' },
  'kafka-python': { module: 'kafka', version: '3.0.12' },
  aiokafka: { module: 'aiokafka', version: '0.14.0' }
}

async function python(wanted) {
  if (!(await works('python3', ['--version']))) return {}
  const dir = join(cache, 'python')
  const command = join(dir, 'bin', 'python')
  if (!existsSync(command) && !(await works('python3', ['-m', 'venv', dir]))) return {}
  const found = {}
  for (const [name, { module, version }] of Object.entries(pythonPackages)) {
    if (!wanted.includes(name)) continue
    const says = `import ${module}, importlib.metadata as m; assert m.version('${name}') == '${version}'`
    const has = () => works(command, ['-c', says])
    if (!(await has())) {
      await run(command, ['-m', 'pip', 'install', '-q', `${name}==${version}`], { timeoutMs: 180_000 })
    }
    if (await has()) found[name] = { command, version }
  }
  return found
}

const rdkafkaVersion = '3.6.1'

/** The package brings librdkafka's source and compiles it, which takes two minutes the first time. */
async function nodeRdkafka() {
  const dir = join(cache, `node-rdkafka-${rdkafkaVersion}`)
  const loads = () =>
    works(process.execPath, ['-e', `require('${join(dir, 'node_modules', 'node-rdkafka')}')`])
  if (!(await loads())) {
    if (!(await works('make', ['-v'])) || !(await works('g++', ['--version']))) return undefined
    mkdirSync(dir, { recursive: true })
    // npm runs install scripts of such packages only as are named here.
    const manifest = { private: true, allowScripts: { 'node-rdkafka': true } }
    writeFileSync(join(dir, 'package.json'), JSON.stringify(manifest))
    // Its makefile does not say that everything needs config.h: with two jobs the second may come too early.
    const env = { ...process.env, JOBS: '1' }
    const words = ['install', '--no-audit', '--no-fund', `node-rdkafka@${rdkafkaVersion}`]
    const { code, stderr } = await run('npm', words, { cwd: dir, env, timeoutMs: 600_000 })
    if (code !== 0) {
      const said = stderr.split('\n')
      const cause = said.find(line => /\*\*\*|ERR!|fatal error/.test(line)) ?? said.at(-1) ?? ''
      console.log(`clients: node-rdkafka cannot be installed: ${cause}`)
    }
  }
  return (await loads())
    ? { path: join(dir, 'node_modules', 'node-rdkafka'), version: rdkafkaVersion }
    : undefined
}

/** librdkafka's own tests, compiled beside a copy of the library that node-rdkafka has compiled: less than a minute. */
async function librdkafkaTests() {
  const library = await nodeRdkafka()
  if (library === undefined) return undefined
  const dir = join(cache, `librdkafka-of-node-rdkafka-${rdkafkaVersion}`)
  const runner = join(dir, 'tests', 'test-runner')
  if (!existsSync(runner)) {
    rmSync(dir, { recursive: true, force: true })
    await run('cp', ['-a', join(library.path, 'deps', 'librdkafka'), dir])
    for (const words of [['libs'], ['-j2', '-C', 'tests', 'test-runner']]) {
      await run('make', ['-s', ...words], { cwd: dir, timeoutMs: 400_000 })
    }
  }
  if (!existsSync(runner)) return undefined
  const says = ['-p', `require(${JSON.stringify(library.path)}).librdkafkaVersion`]
  const version = (await run(process.execPath, says)).stdout.trim()
  const env = { ...process.env, LD_LIBRARY_PATH: ['src', 'src-cpp'].map(name => join(dir, name)).join(':') }
  return { runner, version, env }
}

/** Go 1.24 or later, which the modules of test/clients/go ask for; no other toolchain is downloaded. */
async function go() {
  const dir = join(root, 'test', 'clients', 'go')
  const env = { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '-mod=mod' }
  for (const command of ['go', '/usr/local/go/bin/go']) {
    const options = { cwd: dir, env, timeoutMs: 180_000 }
    if ((await run(command, ['mod', 'download'], options)).code === 0) return { command, dir, env }
  }
  return undefined
}

/** By the names that suites put in `needs`. */
export async function findTools(wanted) {
  const one = async (name, find) => ({ [name]: wanted.includes(name) ? await find() : undefined })
  return {
    ...(await one('kcat', kcat)),
    ...(await one('chromium', chromium)),
    ...(await one('node-rdkafka', nodeRdkafka)),
    ...(await one('librdkafka tests', librdkafkaTests)),
    ...(await one('go', go)),
    ...(await java(wanted)),
    ...(await python(wanted))
  }
}
