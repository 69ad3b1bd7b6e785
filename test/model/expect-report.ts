// What a test of a model says about its report: nothing is wrong. Where something is, the message names model, property,
// sentence and the page with the counterexample.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect } from 'vitest'
import { counterexamplePages, failureMessage } from '../../src/verify/counterexample.js'
import type { Report } from '../../src/verify/model.js'
import { wayFiles } from '../../src/verify/way-file.js'

const root = join(import.meta.dirname, '../..')

/** `folder`: where the pages of counterexamples go. */
export function expectNoViolation(report: Report, folder = join(root, 'counterexamples')): void {
  if (report.violations.length === 0) return
  mkdirSync(folder, { recursive: true })
  for (const { file, text } of [...counterexamplePages(report), ...wayFiles(report)])
    writeFileSync(join(folder, file), text)
  expect.fail(failureMessage(report, relative(process.cwd(), folder) || '.'))
}
