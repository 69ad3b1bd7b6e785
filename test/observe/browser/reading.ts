// What a person reads on the page, waited for.
import type { Locator, Page } from 'playwright-core'

/** Once an element of that kind does. */
export async function says(page: Page, selector: string, text: RegExp): Promise<void> {
  try {
    await page.locator(selector, { hasText: text }).first().waitFor({ timeout: 12_000 })
  } catch {
    const seen = await page.locator(selector).allInnerTexts()
    throw new Error(`${selector} does not say ${text}, but ${JSON.stringify(seen)}`)
  }
}

/** As it is laid out: what is hidden is left out, what stands on a line of its own is. */
export const textOf = async (place: Locator): Promise<string> => (await place.allInnerTexts()).join('\n')

export const card = (page: Page, name: string): Promise<string> =>
  textOf(page.locator('.card').filter({ has: page.locator('.name', { hasText: new RegExp(`^${name}$`) }) }))
