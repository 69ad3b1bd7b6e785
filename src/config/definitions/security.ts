// Everything that protects and cannot be honoured yet, except SASL: setting one of these refuses to start.
import {
  boolean,
  className,
  int,
  list,
  long,
  optionalClass,
  optionalList,
  optionalString,
  password,
  string
} from '../definition.js'

export const securityDefinitions = {
  'alter.config.policy.class.name': optionalClass({ support: 'protects' }),
  'authorizer.class.name': string('', {
    support: 'protects',
    harmless: [''],
    doc: 'Who may do what. Empty: everybody everything.'
  }),
  'connections.max.reauth.ms': long(0, { support: 'protects', harmless: ['0'] }),
  'create.topic.policy.class.name': optionalClass({ support: 'protects' }),
  'delegation.token.expiry.check.interval.ms': long(3_600_000, { support: 'protects', min: 1 }),
  'delegation.token.expiry.time.ms': long(86_400_000, { support: 'protects', min: 1 }),
  'delegation.token.master.key': password({ support: 'protects' }),
  'delegation.token.max.lifetime.ms': long(604_800_000, { support: 'protects', min: 1 }),
  'delegation.token.secret.key': password({ support: 'protects' }),
  'password.encoder.cipher.algorithm': string('AES/CBC/PKCS5Padding', { support: 'protects' }),
  'password.encoder.iterations': int(4_096, { support: 'protects', min: 1_024 }),
  'password.encoder.key.length': int(128, { support: 'protects', min: 8 }),
  'password.encoder.keyfactory.algorithm': optionalString({ support: 'protects' }),
  'password.encoder.old.secret': password({ support: 'protects' }),
  'password.encoder.secret': password({ support: 'protects' }),
  'principal.builder.class': className(
    'org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder',
    {
      support: 'protects',
      update: 'per-broker',
      harmless: ['org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder']
    }
  ),
  'security.inter.broker.protocol': string('PLAINTEXT', {
    support: 'protects',
    oneOf: ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'],
    harmless: ['PLAINTEXT'],
    doc: 'The security protocol between brokers. Only PLAINTEXT can be served.'
  }),
  'security.providers': optionalString({ support: 'protects' }),
  'ssl.allow.dn.changes': boolean(false, { support: 'protects' }),
  'ssl.allow.san.changes': boolean(false, { support: 'protects' }),
  'ssl.cipher.suites': list([], { support: 'protects', update: 'per-broker' }),
  'ssl.client.auth': string('none', {
    support: 'protects',
    update: 'per-broker',
    oneOf: ['required', 'requested', 'none'],
    harmless: ['none']
  }),
  'ssl.enabled.protocols': list(['TLSv1.2', 'TLSv1.3'], { support: 'protects', update: 'per-broker' }),
  'ssl.endpoint.identification.algorithm': string('https', { support: 'protects', update: 'per-broker' }),
  'ssl.engine.factory.class': optionalClass({ support: 'protects', update: 'per-broker' }),
  'ssl.key.password': password({ support: 'protects', update: 'per-broker' }),
  'ssl.keymanager.algorithm': string('SunX509', { support: 'protects', update: 'per-broker' }),
  'ssl.keystore.certificate.chain': password({ support: 'protects', update: 'per-broker' }),
  'ssl.keystore.key': password({ support: 'protects', update: 'per-broker' }),
  'ssl.keystore.location': optionalString({ support: 'protects', update: 'per-broker' }),
  'ssl.keystore.password': password({ support: 'protects', update: 'per-broker' }),
  'ssl.keystore.type': string('JKS', { support: 'protects', update: 'per-broker' }),
  'ssl.principal.mapping.rules': string('DEFAULT', { support: 'protects' }),
  'ssl.protocol': string('TLSv1.3', { support: 'protects', update: 'per-broker' }),
  'ssl.provider': optionalString({ support: 'protects', update: 'per-broker' }),
  'ssl.secure.random.implementation': optionalString({ support: 'protects', update: 'per-broker' }),
  'ssl.trustmanager.algorithm': string('PKIX', { support: 'protects', update: 'per-broker' }),
  'ssl.truststore.certificates': password({ support: 'protects', update: 'per-broker' }),
  'ssl.truststore.location': optionalString({ support: 'protects', update: 'per-broker' }),
  'ssl.truststore.password': password({ support: 'protects', update: 'per-broker' }),
  'ssl.truststore.type': string('JKS', { support: 'protects', update: 'per-broker' }),
  'zookeeper.set.acl': boolean(false, { support: 'protects', harmless: ['false'] }),
  'zookeeper.ssl.cipher.suites': optionalList({ support: 'protects' }),
  'zookeeper.ssl.client.enable': boolean(false, { support: 'protects', harmless: ['false'] }),
  'zookeeper.ssl.crl.enable': boolean(false, { support: 'protects' }),
  'zookeeper.ssl.enabled.protocols': optionalList({ support: 'protects' }),
  'zookeeper.ssl.endpoint.identification.algorithm': string('HTTPS', { support: 'protects' }),
  'zookeeper.ssl.keystore.location': optionalString({ support: 'protects' }),
  'zookeeper.ssl.keystore.password': password({ support: 'protects' }),
  'zookeeper.ssl.keystore.type': optionalString({ support: 'protects' }),
  'zookeeper.ssl.ocsp.enable': boolean(false, { support: 'protects' }),
  'zookeeper.ssl.protocol': string('TLSv1.2', { support: 'protects' }),
  'zookeeper.ssl.truststore.location': optionalString({ support: 'protects' }),
  'zookeeper.ssl.truststore.password': password({ support: 'protects' }),
  'zookeeper.ssl.truststore.type': optionalString({ support: 'protects' })
}
