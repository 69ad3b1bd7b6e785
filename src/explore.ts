// npm run explore -- MODEL [--bound small|large] [--port N]: opens the states of a model as a page to click through.
import { parseArgs } from 'node:util'
import { errorMessage } from './errors.js'
import { unknownModels } from './verify/check-command.js'
import { explorerServer } from './verify/explorer-server.js'
import { models } from './verify/models/index.js'

const usage = `Usage: npm run explore -- MODEL [--bound small|large] [--port N]
Serves the states of a model as a page on this machine: the state of each part, what may happen next, the way so far.`

function misused(reason: string): never {
  process.stderr.write(`explore: ${reason}\n${usage}\nModels: ${models.map(({ name }) => name).join(', ')}\n`)
  process.exit(2)
}

function commandLine() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        bound: { type: 'string', default: 'small' },
        port: { type: 'string', default: '3000' },
        help: { type: 'boolean', default: false, short: 'h' }
      }
    })
  } catch (error) {
    return misused(errorMessage(error).split('. ')[0] ?? '')
  }
}

const { values, positionals } = commandLine()
const [name, ...others] = positionals
const { bound } = values
if (values.help) {
  process.stdout.write(`${usage}\nModels: ${models.map(({ name }) => name).join(', ')}\n`)
  process.exit(0)
}
if (name === undefined || others.length > 0) misused('one model has to be named')
if (bound !== 'small' && bound !== 'large') misused(`--bound is small or large, not '${bound}'`)
const port = Number(values.port)
if (!Number.isInteger(port) || port < 0 || port > 65_535) misused(`--port is no port: '${values.port}'`)
const entry = models.find(model => model.name === name)
if (entry === undefined) misused(unknownModels([name], models))

const server = explorerServer(entry.explore(bound))
server.on('error', error => {
  process.stderr.write(`explore: ${errorMessage(error)}\n`)
  process.exit(1)
})
server.listen(port, '127.0.0.1', () => {
  const address = server.address()
  const listening = typeof address === 'object' && address !== null ? address.port : port
  process.stdout.write(`${name}, ${bound} bound: http://127.0.0.1:${listening}/ (Ctrl-C ends)\n`)
})
