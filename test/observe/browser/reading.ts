// What a person reads on the page, waited for.
import type { Page } from 'playwright-core'

/** Once an element of that kind does. */
export async function says(page: Page, selector: string, text: RegExp): Promise<void> {
  try {
    await page.locator(selector, { hasText: text }).first().waitFor({ timeout: 12_000 })
  } catch {
    const seen = await page.locator(selector).allInnerTexts()
    throw new Error(`${selector} does not say ${text}, but ${JSON.stringify(seen)}`)
  }
}

export const card = (page: Page, name: string): Promise<string> =>
  page
    .locator('.card')
    .filter({ has: page.locator('.name', { hasText: new RegExp(`^${name}$`) }) })
    .innerText()
