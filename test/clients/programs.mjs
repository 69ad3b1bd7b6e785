// Programs in other languages that print a line for each thing that they try: 'ok <check>', 'failed <check>: <reason>' or
// 'skipped <check>: <reason>', and 'done' as their last.
import { run, saying } from './processes.mjs'
import { lines, must } from './records.mjs'

export async function reportProgram(check, command, args, options) {
  const result = await run(command, args, options)
  const said = lines(result.stdout)
  for (const line of said) {
    const [, verdict, title, reason] = /^(ok|failed|skipped) (.*?)(?:: (.*))?$/.exec(line) ?? []
    if (verdict === 'ok') check.passed(title)
    if (verdict === 'failed') check.failed(title, reason)
    if (verdict === 'skipped') check.skipped(title, reason)
  }
  await check('the program runs to its end', () =>
    must(result.code === 0 && said.at(-1) === 'done', saying(command, args, result))
  )
}
