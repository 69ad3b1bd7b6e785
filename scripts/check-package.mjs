// What npm pack makes is what a user gets: packs, installs the tarball into an empty folder without development
// dependencies, and starts, asks and stops the broker there, from the command line and embedded.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const folder = mkdtempSync(join(tmpdir(), 'odradek-package-'))
const npm = (args, cwd) =>
  execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

/** ApiVersions, version 0: resolves with how many APIs are advertised. */
async function askApiVersions(port) {
  const socket = connect(port, '127.0.0.1')
  const request = Buffer.from('0000000a0012000000000001ffff', 'hex')
  socket.end(request)
  const chunks = []
  for await (const chunk of socket) {
    chunks.push(chunk)
    const bytes = Buffer.concat(chunks)
    if (bytes.length >= 14 && bytes.length >= 4 + bytes.readInt32BE(0)) {
      socket.destroy()
      if (bytes.readInt32BE(4) !== 1 || bytes.readInt16BE(8) !== 0)
        throw new Error(`answered ${bytes.toString('hex')}`)
      return bytes.readInt32BE(10)
    }
  }
  throw new Error('the connection ended before the answer')
}

async function fromCommandLine() {
  const port = await freePort()
  const command = join(folder, 'node_modules', '.bin', 'odradek')
  const help = execFileSync(command, ['--help'], { cwd: folder, encoding: 'utf8' })
  if (!help.startsWith('Usage:')) throw new Error(`--help says ${help}`)
  const child = spawn(command, ['--override', `listeners=PLAINTEXT://127.0.0.1:${port}`], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit']
  })
  let said = ''
  const ready = new Promise((resolve, reject) => {
    child.stdout.on('data', chunk => {
      said += chunk
      if (/started in \d+ ms/.test(said)) resolve()
    })
    child.on('exit', code => reject(new Error(`it ended with ${code} before it was ready:\n${said}`)))
  })
  await ready
  const count = await askApiVersions(port)
  child.removeAllListeners('exit')
  child.kill('SIGTERM')
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`SIGTERM ended it with ${code}:\n${said}`)
  return count
}

function embedded() {
  const program = `import { startBroker } from 'odradek'
const broker = await startBroker()
console.log(broker.bootstrapServers)
await broker.close()
`
  writeFileSync(join(folder, 'embedded.mjs'), program)
  const said = execFileSync(process.execPath, ['embedded.mjs'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 10_000
  })
  if (!/^127\.0\.0\.1:\d+\n$/.test(said)) throw new Error(`embedded says ${said}`)
}

try {
  npm(['pack', '--pack-destination', folder], root)
  const [tarball] = readdirSync(folder).filter(name => name.endsWith('.tgz'))
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  npm(['install', '--no-audit', '--no-fund', `./${tarball}`], folder)
  const count = await fromCommandLine()
  embedded()
  console.log(
    `package: ${tarball} installs, starts, answers ApiVersions with ${count} APIs, embeds and stops`
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
