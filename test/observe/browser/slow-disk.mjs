// Loaded into a broker's process before it begins, and into each of its threads: makes the disk slow for the logs of one
// topic, so that the broker that is tested is the one that is shipped.
//   SLOW_DISK='{"topic":"orders","flushMs":1800,"writeMs":0}' node --import ./slow-disk.mjs dist/main.js
import fs from 'node:fs'

const { topic, flushMs = 0, writeMs = 0 } = JSON.parse(process.env.SLOW_DISK ?? '{}')
const slow = new Set()
const { openSync, closeSync, writeSync, fdatasync } = fs

fs.openSync = (path, ...more) => {
  const fd = openSync(path, ...more)
  if (String(path).includes(`/${topic}-`) && String(path).endsWith('.log')) slow.add(fd)
  return fd
}
fs.closeSync = fd => {
  slow.delete(fd)
  closeSync(fd)
}
/** Holds the thread, as a disk does that takes no more. */
fs.writeSync = (fd, ...more) => {
  if (writeMs > 0 && slow.has(fd)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, writeMs)
  return writeSync(fd, ...more)
}
fs.fdatasync = (fd, done) => {
  if (flushMs > 0 && slow.has(fd)) setTimeout(() => fdatasync(fd, done), flushMs)
  else fdatasync(fd, done)
}
