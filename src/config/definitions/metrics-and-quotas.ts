// Metrics reporters, telemetry of clients, quota windows.
import { boolean, int, list, long, optionalClass, string } from '../definition.js'

export const metricsAndQuotasDefinitions = {
  'auto.include.jmx.reporter': boolean(true, { support: 'recognised' }),
  'client.quota.callback.class': optionalClass({ support: 'recognised' }),
  'kafka.metrics.polling.interval.secs': int(10, { support: 'recognised', min: 1 }),
  'kafka.metrics.reporters': list([], { support: 'recognised' }),
  'metric.reporters': list([], { support: 'recognised', update: 'cluster-wide' }),
  'metrics.num.samples': int(2, { support: 'recognised', min: 1 }),
  'metrics.recording.level': string('INFO', { support: 'recognised' }),
  'metrics.sample.window.ms': long(30_000, { support: 'recognised', min: 1 }),
  'quota.window.num': int(11, { support: 'recognised', min: 1 }),
  'quota.window.size.seconds': int(1, { support: 'recognised', min: 1 }),
  'telemetry.max.bytes': int(1_048_576, { support: 'recognised', min: 1 })
}
