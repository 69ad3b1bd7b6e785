// Goal: what an operator writes means what it means to Kafka, and a mistake is one line with file, key and reason.
// Method: whole configurations through loadBrokerConfig, among them the files that Kafka ships.
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type BrokerConfigInput, loadBrokerConfig } from '../../src/config/broker-config.js'
import { brokerDefinition, brokerDefinitions, isBrokerConfig } from '../../src/config/definitions.js'
import { parseProperties } from '../../src/config/properties.js'
import { parseValue, printValue } from '../../src/config/values.js'
import { StartupError } from '../../src/errors.js'

const fromFile = (text: string, overrides: Record<string, string> = {}): BrokerConfigInput => ({
  file: 'server.properties',
  properties: parseProperties(text),
  overrides
})

const load = (text: string, overrides?: Record<string, string>) => loadBrokerConfig(fromFile(text, overrides))

function refusal(text: string, overrides?: Record<string, string>): string {
  try {
    load(text, overrides)
  } catch (error) {
    if (error instanceof StartupError) return error.message
    throw error
  }
  return 'it was accepted'
}

const stockZooKeeper = `
broker.id=0
num.network.threads=3
num.io.threads=8
socket.send.buffer.bytes=102400
socket.receive.buffer.bytes=102400
socket.request.max.bytes=104857600
log.dirs=/tmp/kafka-logs
num.partitions=1
num.recovery.threads.per.data.dir=1
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
log.retention.hours=168
log.retention.check.interval.ms=300000
zookeeper.connect=localhost:2181
zookeeper.connection.timeout.ms=18000
group.initial.rebalance.delay.ms=0
`

const stockKRaft = `
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@localhost:9093
listeners=PLAINTEXT://:9092,CONTROLLER://:9093
inter.broker.listener.name=PLAINTEXT
advertised.listeners=PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL
log.dirs=/tmp/kraft-combined-logs
`

describe('the table of properties', () => {
  test('has defaults that its own rules accept and that print back as themselves', () => {
    for (const name of Object.keys(brokerDefinitions).filter(isBrokerConfig)) {
      const definition = brokerDefinition(name)
      const text = printValue(definition.type, definition.fallback)
      if (text === null) continue
      expect(parseValue(definition, text), name).toEqual({ ok: true, value: definition.fallback, text })
    }
  })
})

describe('a broker without a file', () => {
  test('listens on localhost only and keeps its data under the current directory', () => {
    const { config, warnings } = loadBrokerConfig({})
    expect(config.listeners).toEqual([
      { name: 'PLAINTEXT', host: 'localhost', port: 9092, protocol: 'PLAINTEXT' }
    ])
    expect(config.advertisedListeners).toEqual(config.listeners)
    expect(config.logDirs).toEqual([resolve('odradek-data')])
    expect(config.get('offsets.topic.replication.factor')).toBe(1)
    expect(config.brokerId).toBe(-1)
    expect(warnings).toEqual([])
  })

  test('takes log.dir from whoever starts it although it has a default of log.dirs', () => {
    expect(loadBrokerConfig({ properties: { 'log.dir': '/somewhere' } }).config.logDirs).toEqual([
      '/somewhere'
    ])
  })

  test('is the same configuration again on another thread', () => {
    const { config } = loadBrokerConfig({
      overrides: { 'num.io.threads': '5', listeners: 'PLAINTEXT://h:1' }
    })
    const again = loadBrokerConfig(structuredClone(config.inputs)).config
    expect(again.get('num.io.threads')).toBe(5)
    expect(again.listeners).toEqual(config.listeners)
  })
})

describe("Kafka's own files", () => {
  test('for ZooKeeper mode start a broker that says loudly that it joins no cluster', () => {
    const { config, warnings } = load(stockZooKeeper)
    expect(config.listeners).toEqual([{ name: 'PLAINTEXT', host: '', port: 9092, protocol: 'PLAINTEXT' }])
    expect(config.advertisedListeners[0]?.host).not.toBe('')
    expect(config.logDirs).toEqual(['/tmp/kafka-logs'])
    expect(warnings.join('\n')).toContain('DOES NOT CONNECT TO ZOOKEEPER')
    expect(warnings.at(-1)).toMatch(/^recognised, not honoured yet: .*log\.retention\.hours/)
  })

  test('for KRaft mode start a broker without the listener of the controller', () => {
    const { config, warnings } = load(stockKRaft)
    expect(config.listeners.map(({ name, port }) => `${name}:${port}`)).toEqual(['PLAINTEXT:9092'])
    expect(config.advertisedListeners.map(({ name, host }) => `${name}:${host}`)).toEqual([
      'PLAINTEXT:localhost'
    ])
    expect(config.brokerId).toBe(1)
    expect(warnings.join('\n')).toContain('JOINS NO KRAFT CLUSTER')
    expect(warnings.join('\n')).toContain('CONTROLLER is for a KRaft controller')
  })
})

describe('a value', () => {
  test('is trimmed, typed by its name, and overridden from the command line', () => {
    const { config } = load('num.io.threads = 4 \nauto.create.topics.enable=FALSE', { 'num.io.threads': '6' })
    const threads: number = config.get('num.io.threads')
    const creates: boolean = config.get('auto.create.topics.enable')
    const rack: string | undefined = config.get('broker.rack')
    expect([threads, creates, rack]).toEqual([6, false, undefined])
    expect(config.source('num.io.threads')).toBe('static')
    expect(config.source('num.partitions')).toBe('default')
  })

  test.each([
    ['num.io.threads=x', "server.properties:num.io.threads: 'x': Not a number of type INT"],
    ['num.io.threads=0', "server.properties:num.io.threads: '0': Value must be at least 1"],
    ['num.io.threads=2147483648', "server.properties:num.io.threads: '2147483648': Not a number of type INT"],
    ['num.io.threads=', "server.properties:num.io.threads: '': Not a number of type INT"],
    [
      'log.flush.acks=yes',
      "server.properties:log.flush.acks: 'yes': Expected value to be either true or false"
    ],
    ['log.cleanup.policy=compact,keep', /^server\.properties:log\.cleanup\.policy: .*'keep'/],
    [
      'log.cleaner.min.cleanable.ratio=1.5',
      /^server\.properties:log\.cleaner\.min\.cleanable\.ratio: .*no more than 1$/
    ],
    ['compression.gzip.level=0', /^server\.properties:compression\.gzip\.level: .*at least 1/],
    ['compression.type=brotli', /^server\.properties:compression\.type: .*must be one of/],
    ['inter.broker.protocol.version=9.9', /^server\.properties:inter\.broker\.protocol\.version: /],
    ['log.retention.hours=0', /^server\.properties:log\.retention\.hours: /],
    ['log.roll.ms=0', /^server\.properties:log\.roll\.ms: /],
    [
      'queued.max.request.bytes=1000',
      /^server\.properties:queued\.max\.request\.bytes: .*socket\.request\.max\.bytes/
    ],
    ['max.connections.per.ip=0', /^server\.properties:max\.connections\.per\.ip: /],
    [
      'max.connections.per.ip.overrides=localhost',
      /^server\.properties:max\.connections\.per\.ip\.overrides: /
    ],
    ['broker.id=1001', /^server\.properties:broker\.id: .*reserved\.broker\.max\.id \(1000\)/],
    ['broker.id=1\nnode.id=2', /^server\.properties:node\.id: /],
    ['broker.id=-1\nbroker.id.generation.enable=false', /^server\.properties:broker\.id: .*at least 0/],
    ['process.roles=controller', /^server\.properties:process\.roles: /],
    ['odradek.placement=everywhere', /^server\.properties:odradek\.placement: .*perCore/],
    ['log.dirs=,', /^server\.properties:log\.dirs: /]
  ])('refuses %j in one line that names file, key and reason', (text, expected) => {
    expect(refusal(text)).toMatch(
      expected instanceof RegExp ? expected : new RegExp(`^${escapeRegExp(expected)}$`)
    )
    expect(refusal(text)).not.toContain('\n')
  })

  test('that is wrong on the command line is blamed there', () => {
    expect(refusal('', { 'num.io.threads': '-1' })).toBe(
      "--override num.io.threads: '-1': Value must be at least 1"
    )
  })

  test('beyond the integers of a double prints back exactly', () => {
    const { config } = load('log.flush.interval.messages=9223372036854775806')
    expect(config.text('log.flush.interval.messages')).toBe('9223372036854775806')
    expect(config.text('log.flush.scheduler.interval.ms')).toBe('9223372036854775807')
  })
})

describe('a property that is not known', () => {
  test('is warned about and kept', () => {
    const { config, warnings } = load('num.io.thread=4')
    expect(warnings).toEqual(['num.io.thread: unknown property; it has no effect'])
    expect(config.unknown.get('num.io.thread')).toBe('4')
  })

  test('because Kafka removed it is warned about with what to use instead', () => {
    expect(load('port=9093').warnings.join()).toContain('use listeners')
  })
})

describe('a setting that protects', () => {
  test.each([
    ['authorizer.class.name=kafka.security.authorizer.AclAuthorizer', 'authorizer.class.name'],
    ['super.users=User:admin', 'super.users'],
    ['ssl.keystore.location=/x.jks', 'ssl.keystore.location'],
    ['ssl.client.auth=required', 'ssl.client.auth'],
    ['ssl.something.new=1', 'ssl.something.new'],
    ['sasl.enabled.mechanisms=PLAIN', 'sasl.enabled.mechanisms'],
    ['listener.name.inside.ssl.keystore.location=/x', 'listener.name.inside.ssl.keystore.location'],
    ['listener.name.s.scram-sha-256.sasl.jaas.config=x', 'listener.name.s.scram-sha-256.sasl.jaas.config'],
    ['security.inter.broker.protocol=SSL', 'security.inter.broker.protocol'],
    ['delegation.token.secret.key=s', 'delegation.token.secret.key'],
    ['password.encoder.secret=s', 'password.encoder.secret'],
    ['principal.builder.class=a.B', 'principal.builder.class'],
    ['zookeeper.ssl.client.enable=true', 'zookeeper.ssl.client.enable'],
    ['config.providers=file', 'config.providers'],
    ['listeners=SSL://:9093', 'listeners'],
    ['listeners=SASL_PLAINTEXT://:9093', 'listeners'],
    ['listeners=IN://:9093\nlistener.security.protocol.map=IN:SASL_SSL', 'listeners']
  ])('%j refuses to start and names the key', (text, key) => {
    expect(refusal(text).startsWith(`server.properties:${key}: `)).toBe(true)
  })

  test('never shows a secret in its refusal', () => {
    expect(refusal('ssl.keystore.password=hunter2')).not.toContain('hunter2')
  })

  test('that asks for no protection is accepted', () => {
    const text = 'security.inter.broker.protocol=PLAINTEXT\nauthorizer.class.name=\nssl.client.auth=none'
    expect(refusal(text)).toBe('it was accepted')
  })
})

describe('listeners', () => {
  const names = (text: string) =>
    load(text).config.listeners.map(({ name, host, port }) => `${name} ${host} ${port}`)

  test('have names of any letter case, hosts of every kind, and port 0 as often as wanted', () => {
    const map = 'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,inner:PLAINTEXT,V6:PLAINTEXT'
    const text = `${map}\nlisteners=plaintext://127.0.0.1:0, INNER://h_1.x:0 ,V6://[::1]:9094`
    expect(names(text)).toEqual(['PLAINTEXT 127.0.0.1 0', 'INNER h_1.x 0', 'V6 ::1 9094'])
  })

  const map = 'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,B:PLAINTEXT'

  test.each([
    ['listeners=localhost:9092', 'listeners: '],
    ['listeners=PLAINTEXT://h:70000', 'listeners: '],
    ['listeners=', 'listeners: '],
    ['listeners=PLAINTEXT://a:1,PLAINTEXT://b:2', 'listeners: the listener name PLAINTEXT is there twice'],
    [`${map}\nlisteners=PLAINTEXT://a:1,B://b:1`, 'listeners: the port 1 is there twice'],
    [
      'listeners=MINE://:1',
      'listeners: listener.security.protocol.map has no protocol for the listener MINE'
    ],
    ['listeners=PLAINTEXT://0.0.0.0:9092', 'listeners: clients cannot connect to 0.0.0.0'],
    [`${map}\nadvertised.listeners=B://a:1`, 'advertised.listeners: B is not in listeners'],
    [`${map}\nlisteners=B://a:1`, 'advertised.listeners: the listener between brokers, PLAINTEXT, must be'],
    ['inter.broker.listener.name=B', 'inter.broker.listener.name: '],
    ['control.plane.listener.name=B', 'control.plane.listener.name: '],
    ['control.plane.listener.name=PLAINTEXT', 'control.plane.listener.name: '],
    ['listener.security.protocol.map=A:TLS', 'listener.security.protocol.map: ']
  ])('written as %j are refused', (text, expected) => {
    expect(refusal(text)).toContain(`server.properties:${expected}`)
  })

  test('may share a port when one host is IPv4 and the other IPv6', () => {
    expect(names(`${map}\nlisteners=PLAINTEXT://127.0.0.1:9,B://[::1]:9`)).toHaveLength(2)
  })

  test('advertise another address than they listen on', () => {
    const { config } = load(
      'listeners=PLAINTEXT://0.0.0.0:9092\nadvertised.listeners=PLAINTEXT://broker.example:19092'
    )
    expect(config.advertisedListeners).toEqual([
      { name: 'PLAINTEXT', host: 'broker.example', port: 19092, protocol: 'PLAINTEXT' }
    ])
  })

  test('have limits of their own beside those of the broker', () => {
    const { config } = load(
      'num.network.threads=3\nmax.connections=10\nlistener.name.plaintext.num.network.threads=5'
    )
    expect(config.forListener('PLAINTEXT', 'num.network.threads')).toBe(5)
    expect(config.forListener('OTHER', 'num.network.threads')).toBe(3)
    expect(config.forListener('PLAINTEXT', 'max.connections')).toBe(2147483647)
    expect(refusal('listener.name.plaintext.num.network.threads=0')).toContain(
      'server.properties:listener.name.plaintext.num.network.threads: '
    )
  })

  test('count connections of single hosts, also of IPv6 addresses', () => {
    const { config } = load('max.connections.per.ip.overrides=host.example:5, 127.0.0.1:7,::1:9')
    expect([...config.connectionsByHost]).toEqual([
      ['host.example', 5],
      ['127.0.0.1', 7],
      ['::1', 9]
    ])
  })
})

test('broker.id and node.id are one number under two names', () => {
  expect(load('node.id=7').config.get('broker.id')).toBe(7)
  expect(load('broker.id=7').config.get('node.id')).toBe(7)
})

test('directories are absolute, trimmed and named once', () => {
  expect(load('log.dirs= /a, b ,/a').config.logDirs).toEqual(['/a', resolve('b')])
})

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
