// Child processes with a deadline: what they said, how they ended. Nothing that was started here outlives the run.
import { spawn } from 'node:child_process'

const children = new Set()

/** Ends whatever still runs; each child leads a process group of its own. */
export function killAll() {
  for (const child of children) killGroup(child)
}

export function killGroup(child) {
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

export function start(command, args, options = {}) {
  const child = spawn(command, args, { ...options, detached: true })
  children.add(child)
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr']) {
    child[name].setEncoding('utf8')
    child[name].on('data', text => {
      output[name] += text
    })
  }
  const ended = new Promise(resolve => {
    child.on('error', error => resolve({ code: -1, signal: null, ...output, stderr: String(error) }))
    child.on('close', (code, signal) => resolve({ code, signal, ...output }))
  }).finally(() => children.delete(child))
  return { child, output, ended }
}

/** Resolves to {code, signal, stdout, stderr}; a process that takes too long is killed and says so in stderr. */
export async function run(command, args, { input, timeoutMs = 60_000, ...options } = {}) {
  const { child, ended } = start(command, args, options)
  let late = false
  const timer = setTimeout(() => {
    late = true
    killGroup(child)
  }, timeoutMs)
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const result = await ended
  clearTimeout(timer)
  return late ? { ...result, code: -1, stderr: `${result.stderr}\nkilled after ${timeoutMs} ms` } : result
}

/** The standard output, or an error that shows what the client said; `onStderr` gets the rest after a good end. */
export async function mustRun(command, args, options) {
  const result = await run(command, args, options)
  if (result.code !== 0) throw new Error(saying(command, args, result))
  options?.onStderr?.(result.stderr)
  return result.stdout
}

export function saying(command, args, { code, signal, stdout, stderr }) {
  const words = args.map(word => (word.length > 300 ? `${word.slice(0, 60)}…` : word))
  const said = `${stdout.slice(-600)}\n${stderr.slice(-1800)}`.trim()
  return `${command} ${words.join(' ')} ended with ${code ?? signal}:\n${said}`
}
