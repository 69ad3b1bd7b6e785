// Who drives a machine, and under which names its actors run: read off the sources, so that a page cannot name a driver that
// is gone. A driver hands the machine to driveMachine, to a Stepper, or to a compiled table.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/** `name` is where in the call the actor's name is; a table names its actors by machine and id. */
const ways = {
  driveMachine: { name: ([, , options]) => propertyOf(options, 'name') },
  Stepper: { name: ([, name]) => name },
  stepsOf: { table: true },
  compileTable: { table: true },
  FillingTable: { table: true }
}

/** Exported name of a machine -> [{ file, names, isTable }], for all of them. */
export function findDrivers(root) {
  const drivers = new Map()
  for (const file of sourcesOf(root)) {
    const tree = ts.createSourceFile(
      file,
      readFileSync(join(root, file), 'utf8'),
      ts.ScriptTarget.ES2022,
      true
    )
    const machines = machinesIn(tree)
    const visit = node => {
      const way = ways[calleeOf(node)]
      const [first] = node.arguments ?? []
      if (way !== undefined && first !== undefined && machines.has(first.getText())) {
        const found = { file, isTable: way.table === true, name: patternOf(way.name?.(node.arguments)) }
        drivers.set(first.getText(), [...(drivers.get(first.getText()) ?? []), found])
      }
      ts.forEachChild(node, visit)
    }
    visit(tree)
  }
  return drivers
}

/** The model checker steps copies of machines: it drives none. */
const sourcesOf = root =>
  readdirSync(join(root, 'src'), { recursive: true })
    .filter(name => name.endsWith('.ts') && !/\.machine\.ts$|^verify\//.test(name))
    .map(name => join('src', name))
    .sort()

function machinesIn(tree) {
  const names = new Set()
  for (const statement of tree.statements) {
    if (!ts.isImportDeclaration(statement) || !statement.moduleSpecifier.text.endsWith('.machine.js'))
      continue
    const bindings = statement.importClause?.namedBindings
    if (bindings === undefined || !ts.isNamedImports(bindings)) continue
    for (const { name, isTypeOnly } of bindings.elements) if (!isTypeOnly) names.add(name.text)
  }
  return names
}

const calleeOf = node =>
  ts.isCallExpression(node) || ts.isNewExpression(node) ? node.expression.getText() : ''

function propertyOf(options, name) {
  if (options === undefined || !ts.isObjectLiteralExpression(options)) return undefined
  return options.properties.find(each => each.name?.getText() === name)?.initializer
}

/** `processor.‹id›.‹listener›`; undefined where there is no name in the call. */
function patternOf(expression) {
  if (expression === undefined) return undefined
  if (ts.isStringLiteralLike(expression)) return expression.text
  if (!ts.isTemplateExpression(expression)) return `‹${lastName(expression)}›`
  const rest = expression.templateSpans.map(
    ({ expression: inner, literal }) => `‹${lastName(inner)}›${literal.text}`
  )
  return `${expression.head.text}${rest.join('')}`
}

const lastName = expression => /([A-Za-z]\w*)\W*$/.exec(expression.getText())?.[1] ?? '…'
