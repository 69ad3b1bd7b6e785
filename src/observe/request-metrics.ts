// Kafka's request metrics and those of topics, from the figures of all threads.
import type { ThreadFigures } from '../actors/broker/thread-look.js'
import type { ApiFigures, RequestMeasure } from '../actors/network/request-figures.js'
import type { TopicCounts } from '../actors/replicas/topic-figures.js'
import {
  type Distribution,
  emptyDistribution,
  mergeDistributions,
  quantile
} from '../actors/runtime/histogram.js'
import { errorName } from '../protocol/error-codes.js'
import type { Families, Labels } from './prometheus-text.js'
import { apiName } from './request-record.js'

const quantiles: ReadonlyArray<readonly [label: string, share: number]> = [
  ['0.50', 0.5],
  ['0.75', 0.75],
  ['0.95', 0.95],
  ['0.98', 0.98],
  ['0.99', 0.99],
  ['0.999', 0.999]
]

/** As the exporter writes Kafka's histograms: quantiles as a gauge, and a count. `_sum` and `_max` are additions. */
export function distribution(
  families: Families,
  name: string,
  help: string,
  told: Distribution,
  labels: Labels = {}
): void {
  for (const [label, share] of quantiles) {
    const value = quantile(told, share)
    families.gauge(name, `${help}, over the last minutes.`, Number.isNaN(value) ? 0 : value, {
      ...labels,
      quantile: label
    })
  }
  families.counter(`${name}_count`, `${help}: how many.`, told.count, labels)
  families.counter(`${name}_sum`, `${help}: all added up.`, told.sum, labels)
  families.gauge(`${name}_max`, `${help}: the largest since the start.`, told.max, labels)
}

const kafkaNames: ReadonlyArray<readonly [RequestMeasure, string, string]> = [
  ['requestQueue', 'requestqueuetimems', 'ms from the whole request to a handler'],
  ['local', 'localtimems', 'ms in a handler'],
  ['remote', 'remotetimems', 'ms parked, waiting for a condition'],
  ['throttle', 'throttletimems', 'ms that the answer asks the client to wait'],
  ['responseQueue', 'responsequeuetimems', 'ms from the answer to its Processor'],
  ['responseSend', 'responsesendtimems', 'ms from the Processor to the last byte'],
  ['total', 'totaltimems', 'ms from the whole request to the last byte of its answer'],
  ['requestBytes', 'requestbytes', 'Bytes of requests']
]
const fetchKey = 1
const produceKey = 0

export function addRequestMetrics(families: Families, threads: readonly ThreadFigures[]): void {
  const figures = threads.flatMap(({ apis }) => apis)
  const keys = [...new Set(figures.map(({ apiKey }) => apiKey))].sort((a, b) => a - b)
  for (const [measure, name, help] of kafkaNames) {
    for (const key of keys) {
      for (const request of namesOf(key)) {
        const told = merged(figures, key, measure)
        distribution(families, `kafka_network_requestmetrics_${name}`, help, told, { request })
      }
    }
  }
  for (const key of keys) addCounts(families, figures, key)
  for (const key of keys) {
    const bytes = merged(figures, key, 'responseBytes')
    families.counter('odradek_response_bytes_total', 'Bytes of answers.', bytes.sum, {
      request: apiName(key)
    })
  }
  const append = merged(figures, produceKey, 'append')
  distribution(families, 'odradek_append_time_ms', 'ms from a handler to the page cache', append)
}

/** Fetch is counted twice, as in Kafka; no other broker fetches here. */
const namesOf = (key: number): readonly string[] =>
  key === fetchKey ? ['Fetch', 'FetchConsumer'] : [apiName(key)]

function merged(figures: readonly ApiFigures[], key: number, measure: RequestMeasure): Distribution {
  const own = figures.filter(({ apiKey }) => apiKey === key)
  return own.length === 0
    ? emptyDistribution
    : mergeDistributions(own.map(({ measures }) => measures[measure]))
}

function addCounts(families: Families, figures: readonly ApiFigures[], key: number): void {
  const own = figures.filter(({ apiKey }) => apiKey === key)
  const versions = summed(own.flatMap(each => each.versions))
  const errors = summed(own.flatMap(each => each.errors))
  for (const request of namesOf(key)) {
    for (const [version, count] of versions) {
      const labels = { request, version }
      families.counter('kafka_network_requestmetrics_requests_total', 'Requests.', count, labels)
    }
  }
  for (const request of namesOf(key)) {
    for (const [code, count] of errors) {
      const labels = { request, error: code === 0 ? 'NONE' : errorName(code) }
      families.counter(
        'kafka_network_requestmetrics_errors_total',
        'Answers by the first error in them.',
        count,
        labels
      )
    }
  }
}

function summed(pairs: ReadonlyArray<readonly [number, number]>): [number, number][] {
  const sums = new Map<number, number>()
  for (const [key, count] of pairs) sums.set(key, (sums.get(key) ?? 0) + count)
  return [...sums].sort((a, b) => a[0] - b[0])
}

const topicNames: ReadonlyArray<readonly [keyof TopicCounts, string, string]> = [
  ['messagesIn', 'messagesin', 'Records appended.'],
  ['bytesIn', 'bytesin', 'Bytes appended, as received.'],
  ['bytesOut', 'bytesout', 'Bytes of records read by consumers.'],
  ['bytesRejected', 'bytesrejected', 'Bytes refused as too large.'],
  ['produces', 'totalproducerequests', 'Appends to a partition that were tried.'],
  ['fetches', 'totalfetchrequests', 'Reads of a partition that were tried.'],
  ['failedProduces', 'failedproducerequests', 'Appends to a partition that the broker failed.'],
  ['failedFetches', 'failedfetchrequests', 'Reads of a partition that the broker failed.']
]

export function addTopicMetrics(families: Families, threads: readonly ThreadFigures[]): void {
  const told = threads.flatMap(({ shard }) => shard?.topics ?? [])
  for (const [count, name, help] of topicNames) {
    const family = `kafka_server_brokertopicmetrics_${name}_total`
    const sum = told.reduce((total, { all }) => total + all[count], 0)
    families.counter(family, help, sum)
    const byTopic = new Map<string, number>()
    for (const [topic, counts] of told.flatMap(each => each.byTopic))
      byTopic.set(topic, (byTopic.get(topic) ?? 0) + counts[count])
    for (const [topic, value] of byTopic) families.counter(family, help, value, { topic })
  }
}
