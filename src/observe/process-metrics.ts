// Of the process: under the names that exporters of other platforms use, where Node knows the same.
import { systemClock } from '../actors/runtime/clock.js'
import { systemFiles } from '../storage/files.js'
import type { Families } from './prometheus-text.js'

/** What Linux counts disk input and output in, for every process. */
const blockBytes = 512

export function addProcess(families: Families): void {
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed, heapTotal, external } = process.memoryUsage()
  const startedMs = systemClock.nowMs() - process.uptime() * 1000
  families.counter('process_cpu_seconds_total', 'Of all threads.', (user + system) / 1e6)
  families.gauge('process_resident_memory_bytes', 'Of the process.', rss)
  families.gauge('process_start_time_seconds', 'Since the epoch.', startedMs / 1000)
  families.gauge('nodejs_heap_size_used_bytes', 'Of the main thread.', heapUsed)
  families.gauge('nodejs_heap_size_total_bytes', 'Of the main thread.', heapTotal)
  families.gauge('nodejs_external_memory_bytes', 'Of the main thread.', external)
  if (process.platform === 'linux') addLinux(families)
}

function addLinux(families: Families): void {
  const { fsRead, fsWrite } = process.resourceUsage()
  const server = 'kafka_server_kafkaserver_linux_disk'
  families.gauge(`${server}_read_bytes`, 'That the process has read from disks.', fsRead * blockBytes)
  families.gauge(`${server}_write_bytes`, 'That the process has sent to disks.', fsWrite * blockBytes)
  try {
    const open = systemFiles.list('/proc/self/fd').length
    families.gauge('process_open_fds', 'Descriptors.', open)
  } catch {
    // No /proc here: then nothing is known.
  }
}
