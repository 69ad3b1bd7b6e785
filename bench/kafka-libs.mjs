// The jars of Apache Kafka 3.9 that benchmarks run: where they lie, or Maven.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { kafkaLibs } from './brokers.mjs'

const pom = `<project><modelVersion>4.0.0</modelVersion><groupId>odradek</groupId><artifactId>bench</artifactId><version>1</version>
<dependencies><dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>3.9.1</version></dependency>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>3.9.1</version></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency></dependencies></project>`

/** The folder with the jars of Kafka 3.9: `given`, or by Maven in the cache. Ends the process where neither is there. */
export function resolveLibs(given, cache) {
  const found = kafkaLibs([given, join(cache, 'libs')].filter(path => path !== undefined))
  if (found !== undefined) return found
  mkdirSync(cache, { recursive: true })
  writeFileSync(join(cache, 'pom.xml'), pom)
  const maven = spawnSync('mvn', ['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=libs'], {
    cwd: cache
  })
  if (maven.status !== 0) {
    console.log('bench: needs Java and Maven (or --libs DIR with the jars of Kafka 3.9)')
    process.exit(1)
  }
  return join(cache, 'libs')
}
