// A headless Chromium where the machine has one, spoken to over its debugging pipe: no dependency, no port.
import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'

/** Path of the first that there is. */
export const chromium: string | undefined = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap(folder =>
    ['chromium', 'chromium-browser', 'google-chrome', 'chromium-headless-shell'].map(name =>
      join(folder, name)
    )
  )
  .find(path => {
    try {
      accessSync(path, constants.X_OK)
      return true
    } catch {
      return false
    }
  })

interface Answer {
  readonly id?: number
  readonly result?: Record<string, unknown>
  readonly error?: { readonly message: string }
  readonly method?: string
  readonly params?: unknown
}

export class Browser {
  readonly #process: ChildProcess
  readonly #profile = mkdtempSync(join(tmpdir(), 'odradek-chromium-'))
  readonly #waiting = new Map<number, (answer: Answer) => void>()
  readonly #out: Writable
  #session: string | undefined
  #asked = 0
  /** What the page threw or complained of. */
  readonly complaints: string[] = []

  constructor(path: string, more: readonly string[] = []) {
    this.#process = spawn(
      path,
      [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--no-first-run',
        '--window-size=1400,1000',
        `--user-data-dir=${this.#profile}`,
        '--remote-debugging-pipe',
        ...more,
        'about:blank'
      ],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] }
    )
    const [, , , out, answers] = this.#process.stdio
    this.#out = out as Writable
    let text = ''
    ;(answers as Readable).setEncoding('utf8').on('data', (chunk: string) => {
      const parts = (text + chunk).split('\0')
      text = parts.pop() ?? ''
      for (const part of parts) this.#received(JSON.parse(part) as Answer)
    })
  }

  async open(url: string): Promise<void> {
    const { targetInfos } = await this.#ask('Target.getTargets', {}, false)
    const page = (targetInfos as { type: string; targetId: string }[]).find(({ type }) => type === 'page')
    const { sessionId } = await this.#ask(
      'Target.attachToTarget',
      { targetId: page?.targetId, flatten: true },
      false
    )
    this.#session = String(sessionId)
    await this.#ask('Runtime.enable', {})
    await this.#ask('Log.enable', {})
    await this.#ask('Page.enable', {})
    await this.#ask('Page.navigate', { url })
  }

  /** The value of an expression; a promise is awaited. */
  async evaluate<T>(expression: string): Promise<T> {
    const answer = await this.#ask('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true
    })
    if (answer.exceptionDetails !== undefined) throw new Error(JSON.stringify(answer.exceptionDetails))
    return (answer.result as { value: T }).value
  }

  /** Until the expression is true. */
  async until(expression: string, withinMs = 5000): Promise<void> {
    const end = performance.now() + withinMs
    for (;;) {
      if (await this.evaluate<boolean>(`Boolean(${expression})`).catch(() => false)) return
      if (performance.now() > end)
        throw new Error(`not within ${withinMs} ms: ${expression}; ${this.complaints.join('; ')}`)
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }

  async press(key: string): Promise<void> {
    const code = { Tab: 9, Enter: 13, ArrowDown: 40 }[key] ?? key.charCodeAt(0)
    const text = key === 'Enter' ? '\r' : key.length === 1 ? key : undefined
    const event = { key, windowsVirtualKeyCode: code, ...(text === undefined ? {} : { text }) }
    await this.#ask('Input.dispatchKeyEvent', { type: 'keyDown', ...event })
    await this.#ask('Input.dispatchKeyEvent', { type: 'keyUp', ...event })
  }

  async dark(isDark: boolean): Promise<void> {
    const value = isDark ? 'dark' : 'light'
    await this.#ask('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] })
  }

  /** Role and name of everything that a screen reader can tell. */
  async accessible(): Promise<readonly { role: string; name: string }[]> {
    const { nodes } = await this.#ask('Accessibility.getFullAXTree', {})
    type Text = { value?: unknown }
    return (nodes as { ignored: boolean; role?: Text; name?: Text }[])
      .filter(({ ignored }) => !ignored)
      .map(({ role, name }) => ({ role: String(role?.value ?? ''), name: String(name?.value ?? '') }))
  }

  async screenshot(file: string): Promise<void> {
    const { data } = await this.#ask('Page.captureScreenshot', { format: 'png' })
    writeFileSync(file, Buffer.from(String(data), 'base64'))
  }

  async close(): Promise<void> {
    const over = new Promise(resolve => this.#process.once('exit', resolve))
    await this.#ask('Browser.close', {}, false).catch(() => this.#process.kill('SIGKILL'))
    await over
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 })
  }

  #received(answer: Answer): void {
    if (answer.id !== undefined) {
      this.#waiting.get(answer.id)?.(answer)
      this.#waiting.delete(answer.id)
    } else if (answer.method === 'Runtime.exceptionThrown' || answer.method === 'Log.entryAdded')
      this.complaints.push(JSON.stringify(answer.params).slice(0, 600))
  }

  #ask(method: string, params: Record<string, unknown>, inPage = true): Promise<Record<string, unknown>> {
    const id = ++this.#asked
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result = {}, error }) =>
        error === undefined ? resolve(result) : reject(new Error(`${method}: ${error.message}`))
      )
      const session = inPage && this.#session !== undefined ? { sessionId: this.#session } : {}
      this.#out.write(`${JSON.stringify({ id, method, params, ...session })}\0`)
    })
  }
}
