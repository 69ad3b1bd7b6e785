// Debian's Chromium, driven by playwright-core, which brings no browser of its own. CHROMIUM names another one; where there is
// none the tests are skipped, and say so.
import { accessSync, constants } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const executable = [process.env.CHROMIUM ?? '/usr/bin/chromium'].find(path => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
})

export const hasChromium = executable !== undefined
if (!hasChromium) console.log('no Chromium here (CHROMIUM names one): what it would show is not tested')

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: executable ?? '',
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync'
    ]
  })
}

export interface Look {
  readonly page: Page
  /** What the page threw or complained of. */
  readonly complaints: readonly string[]
}

export async function openPage(
  browser: Browser,
  url: string,
  more: BrowserContextOptions = {}
): Promise<Look> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 1000 }, ...more })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', error => void complaints.push(error.message))
  page.on('console', message => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  await page.goto(url)
  await page.locator('#floor .card').first().waitFor()
  return { page, complaints }
}
