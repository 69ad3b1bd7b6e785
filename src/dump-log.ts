// npm run dump-log -- FILE|DIR... [--json] [--deep-iteration] [--print-data-log]: prints what a log holds, as kafka-dump-log
// does. Damage goes to standard error and makes the exit code 1.
import path from 'node:path'
import { errorMessage } from './errors.js'
import { type DumpItem, dumpFile, dumpLine, isDumpable } from './storage/dump-file.js'
import { systemFiles } from './storage/files.js'

const usage = `Usage: npm run dump-log -- FILE|DIR... [--json] [--deep-iteration] [--print-data-log]
Prints the batches (with --deep-iteration: records) of .log files, and the entries of indexes, snapshots and checkpoints.`

const flags = ['--json', '--deep-iteration', '--print-data-log', '--help', '--files']

/** Files in the order of their names, sub-directories too. */
function filesUnder(target: string): string[] {
  if (!systemFiles.isDirectory(target)) return [target]
  return systemFiles
    .list(target)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => {
      const full = path.join(target, entry.name)
      if (entry.isDirectory) return filesUnder(full)
      return isDumpable(entry.name) ? [full] : []
    })
}

const jsonOf = (item: DumpItem): string =>
  JSON.stringify({ kind: item.kind, ...item.fields }, (_, value) =>
    typeof value === 'bigint' ? Number(value) : value
  )

function print(stream: NodeJS.WriteStream, line: string): Promise<void> | undefined {
  if (stream.write(`${line}\n`)) return undefined
  return new Promise(resolve => stream.once('drain', resolve))
}

async function main(args: readonly string[]): Promise<number> {
  const unknown = args.find(each => each.startsWith('-') && !flags.includes(each))
  const targets = args.filter(each => !each.startsWith('-')).flatMap(each => each.split(','))
  if (args.includes('--help')) {
    process.stdout.write(`${usage}\n`)
    return 0
  }
  if (unknown !== undefined || targets.length === 0) {
    process.stderr.write(
      `${unknown === undefined ? 'no file or directory is named' : `unknown option ${unknown}`}\n${usage}\n`
    )
    return 1
  }
  const printData = args.includes('--print-data-log')
  const options = { deep: printData || args.includes('--deep-iteration'), printData }
  const asJson = args.includes('--json')
  let isDamaged = false
  for (const target of targets) {
    if (systemFiles.status(target) === undefined) {
      process.stderr.write(`${target}: there is no such file or directory\n`)
      isDamaged = true
      continue
    }
    for (const file of filesUnder(target)) {
      for await (const item of dumpFile(systemFiles, file, options)) {
        const isProblem = item.kind === 'damage'
        isDamaged ||= isProblem
        if (asJson) await print(process.stdout, jsonOf(item))
        if (isProblem || !asJson) await print(isProblem ? process.stderr : process.stdout, dumpLine(item))
      }
    }
  }
  return isDamaged ? 1 : 0
}

// A reader that has seen enough (head, less) is no failure.
process.stdout.on('error', () => process.exit(0))
main(process.argv.slice(2)).then(
  code => {
    process.exitCode = code
  },
  error => {
    process.stderr.write(`${errorMessage(error)}\n`)
    process.exitCode = 1
  }
)
