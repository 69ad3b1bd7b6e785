// Kafka's Java clients of several versions, by Maven into .cache/clients/<version>, with our small programs compiled against
// each. A version that cannot be had is undefined, and the suites that need it are skipped by name.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './broker.mjs'
import { run } from './processes.mjs'

const cache = join(root, '.cache', 'clients')
const works = async (command, args) => (await run(command, args)).code === 0

const groups = ['java-groups']
/** Which jars, and which folders (or files) of programs can be compiled against them. */
const versions = {
  '4.1.0': {
    jars: ['org.apache.kafka:kafka-clients:4.1.0', 'org.slf4j:slf4j-nop:1.7.36'],
    programs: groups
  },
  '4.0.0': {
    jars: ['org.apache.kafka:kafka-clients:4.0.0', 'org.slf4j:slf4j-nop:1.7.36'],
    programs: groups
  },
  '3.9.1': {
    jars: [
      'org.apache.kafka:kafka_2.13:3.9.1',
      'org.apache.kafka:kafka-tools:3.9.1',
      'org.slf4j:slf4j-nop:1.7.36'
    ],
    programs: ['java', ...groups]
  },
  '1.0.2': {
    jars: ['org.apache.kafka:kafka-clients:1.0.2', 'org.slf4j:slf4j-nop:1.7.25'],
    programs: ['java']
  },
  '0.10.2.2': {
    jars: ['org.apache.kafka:kafka-clients:0.10.2.2', 'org.slf4j:slf4j-nop:1.7.21'],
    programs: ['java']
  },
  '0.8.2.2': {
    jars: ['org.apache.kafka:kafka_2.11:0.8.2.2'],
    programs: ['java/Writer.java', 'java-simple-consumer']
  }
}

function pom(version, coordinates) {
  const dependencies = coordinates.map(text => {
    const [group, artifact, wanted] = text.split(':')
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${wanted}</version></dependency>`
  })
  return `<project><modelVersion>4.0.0</modelVersion><groupId>odradek</groupId><artifactId>clients-${version}</artifactId>
<version>1</version><dependencies>${dependencies.join('\n')}</dependencies></project>\n`
}

/** The jars of one version in .cache/clients/<version>/lib; undefined when Maven cannot get them. */
async function jars(version, coordinates) {
  const dir = join(cache, version)
  const lib = join(dir, 'lib')
  const done = join(dir, 'complete')
  if (existsSync(done)) return lib
  if (!(await works('mvn', ['-v']))) return undefined
  rmSync(lib, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, 'pom.xml'), pom(version, coordinates))
  const options = { cwd: dir, timeoutMs: 400_000 }
  const result = await run(
    'mvn',
    ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${lib}`],
    options
  )
  if (result.code !== 0) {
    console.log(`clients: Maven cannot get Kafka ${version}: ${result.stdout.trim().split('\n')[0] ?? ''}`)
    return undefined
  }
  writeFileSync(done, '')
  return lib
}

/** {version, classPath}: a version's jars with our small programs compiled against them. */
async function javaVersion(version, { jars: coordinates, programs }) {
  const lib = await jars(version, coordinates)
  if (lib === undefined) return undefined
  const sources = join(root, 'test', 'clients')
  const files = programs.flatMap(path =>
    path.endsWith('.java')
      ? [join(sources, path)]
      : readdirSync(join(sources, path)).map(name => join(sources, path, name))
  )
  const classes = join(cache, version, 'classes')
  mkdirSync(classes, { recursive: true })
  const result = await run('javac', ['-nowarn', '-cp', join(lib, '*'), '-d', classes, ...files])
  if (result.code !== 0) throw new Error(`javac for ${version}: ${result.stderr}`)
  return { version, classPath: `${classes}:${join(lib, '*')}` }
}

/** `wanted`: names such as 'java 3.9.1'. */
export async function java(wanted) {
  if (!(await works('java', ['-version'])) || !(await works('javac', ['-version']))) return {}
  const found = {}
  for (const [version, how] of Object.entries(versions)) {
    if (!wanted.includes(`java ${version}`)) continue
    const usable = await javaVersion(version, how)
    if (usable !== undefined) found[`java ${version}`] = usable
  }
  return found
}
