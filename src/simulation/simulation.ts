// One run of a whole broker in a simulated world: several lives on one disk, each ended as the plan says, with clients that
// keep coming back; then a last start that is read out and held against what was promised.
import { Broker } from '../actors/broker/broker.js'
import { loadOwnThread } from '../actors/broker/broker-threads.js'
import { type Sockets, useSockets } from '../actors/network/sockets.js'
import type { LogLevel, LogSink } from '../actors/runtime/log.js'
import { useLoop } from '../actors/runtime/loop.js'
import { Mailbox, mailboxes } from '../actors/runtime/mailbox.js'
import { tap } from '../actors/runtime/tap.js'
import { type BrokerConfig, loadBrokerConfig } from '../config/broker-config.js'
import { errorMessage } from '../errors.js'
import { type RandomBelow, seeded } from '../verify/random.js'
import { Application } from './application.js'
import type { ApplicationWorld } from './application-world.js'
import { SimulatedDisk } from './disk.js'
import { Ledger } from './ledger.js'
import { leftOver } from './left-over.js'
import { SimulatedNetwork } from './network.js'
import { frameBytesMax, type Life, type Plan, planOf, port } from './plan.js'
import { SimulatedProcess } from './process.js'
import { readOut } from './read-out.js'
import { messageWithStack, Schedule } from './schedule.js'
import { simulatedSockets } from './sockets.js'
import { Trace } from './trace.js'
import type { Sabotage, SimulationOptions, Verdict } from './verdict.js'

/** Longer than any start or stop may take, in simulated time and in steps. */
const hangsAfterMs = 180_000
const hangsAfterSteps = 30_000
const marker = '.kafka_cleanshutdown'

interface BrokerLife {
  readonly process: SimulatedProcess
  readonly broker: Broker
  /** What became of `started` and `closed`. */
  state: 'starting' | 'running' | 'closed' | 'failed'
  cause: unknown
}

let prepared: Promise<unknown> | undefined

export async function simulate(seed: number, options: SimulationOptions = {}): Promise<Verdict> {
  // Modules come from a real disk, in real time: before the run.
  prepared ??= loadOwnThread()
  await prepared
  const simulation = new Simulation(seed, options)
  const onRejection = (error: unknown): void => simulation.uncaught(error)
  process.on('unhandledRejection', onRejection)
  try {
    return await simulation.run()
  } finally {
    process.off('unhandledRejection', onRejection)
  }
}

class Simulation {
  readonly #seed: number
  readonly #below: RandomBelow
  readonly #plan: Plan
  readonly #sabotage: Sabotage
  readonly #trace: Trace
  readonly #schedule: Schedule
  readonly #disk: SimulatedDisk
  readonly #network: SimulatedNetwork
  readonly #ledger: Ledger
  readonly #config: BrokerConfig
  readonly #world: ApplicationWorld
  readonly #before = new Set(mailboxes())
  #applications: Application[] = []
  #broken: string | undefined
  #power: 'kept' | 'lost' = 'kept'
  #diskHealth: 'good' | 'failed once' = 'good'
  /** Whether errors in the log are to be expected. */
  #trouble: 'none' | 'some' = 'none'

  constructor(seed: number, { sabotage = {}, onLine }: SimulationOptions) {
    this.#seed = seed
    this.#sabotage = sabotage
    this.#below = seeded(Math.imul(seed + 1, 0x9e3779b1))
    this.#trace = new Trace(onLine)
    const plan = planOf(this.#below)
    this.#plan = sabotage.plan?.(plan) ?? plan
    this.#schedule = new Schedule(this.#below)
    this.#disk = new SimulatedDisk(this.#below)
    this.#network = new SimulatedNetwork(this.#schedule, this.#below)
    this.#config = loadBrokerConfig({ overrides: this.#plan.overrides }).config
    this.#ledger = new Ledger(
      this.#plan.flushesAcks,
      sentence => this.#breaks(sentence),
      line => this.#trace.line(line)
    )
    this.#world = this.#newWorld()
    this.#schedule.onStep = drawn => this.#trace.number(drawn)
    this.#schedule.onUncaught = error => this.uncaught(error)
    this.#disk.onCall = call => this.#trace.event(call)
  }

  uncaught(error: unknown): void {
    this.#breaks(`nobody caught: ${messageWithStack(error)}`)
  }

  async run(): Promise<Verdict> {
    const unlisten = this.#trace.isRead ? this.#listen() : []
    this.#trace.line(JSON.stringify(this.#plan))
    for (let i = 0; i < this.#plan.clients; i++)
      this.#applications.push(new Application(`client${i}`, this.#world))
    try {
      for (const life of this.#plan.lives) if (this.#broken === undefined) await this.#live(life)
      for (const application of this.#applications) application.retire()
      if (this.#broken === undefined) await this.#lastLife()
    } finally {
      for (const each of unlisten) each()
    }
    const { steps, nowMs } = this.#schedule
    this.#trace.number(Math.round(nowMs * 1000))
    return {
      seed: this.#seed,
      hash: this.#trace.hash,
      steps,
      simulatedMs: Math.round(nowMs),
      broken: this.#broken,
      seen: this.#ledger.seen
    }
  }

  /** Every step of every actor becomes a line. */
  #listen(): Array<() => void> {
    return [
      tap.want('all'),
      tap.listen(({ actor, event, from, to }) =>
        this.#trace.line(`    ${actor}: ${from} --${event}--> ${to}`)
      )
    ]
  }

  #breaks(sentence: string): void {
    this.#trace.line(`BROKEN: ${sentence}`)
    this.#broken ??= `${sentence} (${this.#schedule})`
  }

  #newWorld(): ApplicationWorld {
    return {
      schedule: this.#schedule,
      below: this.#below,
      network: this.#network,
      port,
      frameBytesMax: frameBytesMax + 4,
      ledger: this.#ledger,
      broken: sentence => this.#breaks(sentence),
      note: line => this.#trace.line(line),
      onBytes: bytes => this.#trace.bytes(bytes),
      diskFails: () => this.#diskHealth === 'failed once',
      lives: () => this.#lives,
      powerWasLost: () => this.#power === 'lost'
    }
  }

  // ---- a life

  async #live(life: Life): Promise<void> {
    const { end, afterSteps } = life
    this.#ledger.count(`ends by ${end}`)
    this.#network.refusesOneIn = this.#plan.refusesOneIn
    const lived = this.#start()
    const lastStep = this.#schedule.steps + afterSteps
    await this.#until(
      () => this.#schedule.steps >= lastStep || lived.state === 'closed' || lived.state === 'failed'
    )
    // Where descriptors run out anybody may be turned away.
    const settles = end === 'stop' && this.#plan.refusesOneIn === 0 && this.#below(2) === 0
    if (settles && lived.state === 'running') await this.#settle()
    this.#trace.event(`== ${end} while ${lived.state}, ${lived.broker.state}`)
    if (lived.state === 'failed') this.#breaks(`the start failed: ${messageWithStack(lived.cause)}`)
    if (this.#broken === undefined) await this.#end(lived, life)
    this.#bury(lived)
  }

  /** Nobody begins anything: then all that was begun comes to its end. */
  async #settle(): Promise<void> {
    this.#trace.event('== everybody settles')
    this.#ledger.count('settled')
    for (const application of this.#applications) application.settle()
    const isSettled = (): boolean => this.#applications.every(({ wire }) => !wire.isConnected)
    await this.#within('what clients wait for', isSettled)
    for (const application of this.#applications) application.beActive()
  }

  async #end(lived: BrokerLife, { end, moreSteps }: Life): Promise<void> {
    switch (end) {
      case 'stop':
        return this.#stop(lived)
      case 'fatal':
        return this.#fail(lived)
      case 'failingDisk':
        return this.#failDisk(lived, moreSteps)
      case 'kill':
        return this.#checkNoMarker(lived)
      case 'powerLoss':
        return this.#losePower(lived)
      case 'halt':
      case 'powerLossAtStop': {
        const { state } = lived
        lived.broker.stop()
        await this.#steps(moreSteps)
        if (state !== 'starting' && lived.state !== 'closed') this.#ledger.count('cut off while stopping')
        if (lived.state === 'closed' && state !== 'starting') this.#ledger.stoppedInOrder()
        if (end === 'powerLossAtStop') this.#losePower(lived)
      }
    }
  }

  #start(): BrokerLife {
    this.#lives++
    const process = new SimulatedProcess(this.#schedule, this.#below)
    const jump = this.#plan.wallJumpMs
    if (jump > 0) process.wallMs += this.#below(2 * jump) - jump
    this.#restore = [useLoop(this.#sabotage.loop?.(process) ?? process), useSockets(this.#sockets(process))]
    const disk = this.#disk.for(process)
    const broker = new Broker({
      config: this.#config,
      sink: this.#sink(),
      disk: this.#sabotage.disk?.(disk) ?? disk
    })
    const lived: BrokerLife = { process, broker, state: 'starting', cause: undefined }
    broker.started.then(
      () => {
        lived.state = 'running'
        this.#trace.event('== started')
      },
      () => {}
    )
    broker.closed.then(
      () => {
        lived.state = 'closed'
      },
      error => {
        lived.state = 'failed'
        lived.cause = error
      }
    )
    return lived
  }

  #restore: Array<() => void> = []
  #lives = 0

  #sockets(process: SimulatedProcess): Sockets {
    const sockets = simulatedSockets(this.#network.for(process))
    return this.#sabotage.sockets?.(sockets) ?? sockets
  }

  #sink(): LogSink {
    const level: LogLevel = this.#trace.isRead ? 'info' : 'warn'
    return {
      level,
      write: (line, level) => {
        if (level === 'debug' || level === 'info') return this.#trace.line(line)
        // A stack names files by where they lie.
        this.#trace.text(line.split('\n', 1)[0] ?? '')
        this.#trace.line(line)
        if (
          (level === 'error' || level === 'fatal') &&
          this.#trouble === 'none' &&
          !/no descriptor/.test(line)
        )
          this.#breaks(`the broker reports: ${line}`)
      }
    }
  }

  /** The process is gone, whatever it was doing. */
  #bury({ process, broker }: BrokerLife): void {
    process.kill()
    this.#network.descriptors.closeAll()
    this.#disk.closeAll()
    for (const mailbox of mailboxes()) {
      if (!this.#before.has(mailbox) && mailbox instanceof Mailbox) mailbox.close()
    }
    for (const restore of this.#restore.reverse()) restore()
    this.#restore = []
    this.#trouble = 'none'
    this.#trace.event(`== gone while ${broker.state}`)
  }

  // ---- the ends

  async #stop(lived: BrokerLife): Promise<void> {
    const wasRunning = lived.state === 'running'
    lived.broker.stop()
    await this.#within('the stop', () => lived.state === 'closed' || lived.state === 'failed')
    if (this.#broken !== undefined) return
    if (lived.state === 'failed') return this.#breaks(`the stop failed: ${messageWithStack(lived.cause)}`)
    await this.#checkNothingIsLeft(lived)
    if (!wasRunning) return
    this.#ledger.stoppedInOrder()
    for (const directory of this.#plan.logDirs) {
      if (!this.#disk.exists(`${directory}/${marker}`))
        this.#breaks(`${directory} has no clean-shutdown marker after an orderly stop`)
    }
  }

  async #fail(lived: BrokerLife): Promise<void> {
    this.#trouble = 'some'
    lived.broker.fail(new Error('the plan says so'))
    await this.#within('the end after a failure', () => lived.state === 'closed' || lived.state === 'failed')
    if (lived.state === 'closed') this.#breaks('an end after a failure counts as orderly')
    this.#checkNoMarker(lived)
    if (this.#network.ports.length > 0) this.#breaks('a port is open after a fatal failure')
  }

  async #failDisk(lived: BrokerLife, moreSteps: number): Promise<void> {
    this.#trouble = 'some'
    this.#diskHealth = 'failed once'
    const { logDirs } = this.#plan
    this.#disk.failing.add(logDirs[this.#below(logDirs.length)] ?? '/d0')
    const lastStep = this.#schedule.steps + 10 * moreSteps
    await this.#until(() => lived.state === 'failed' || this.#schedule.steps >= lastStep)
    if (lived.state !== 'failed') lived.broker.stop()
    await this.#within(
      'the stop on a failing disk',
      () => lived.state === 'closed' || lived.state === 'failed'
    )
    this.#disk.failing.clear()
  }

  #losePower(lived: BrokerLife): void {
    const wasOrderly = lived.state === 'closed'
    const began = lived.broker.state
    this.#ledger.lostPower()
    this.#disk.losePower()
    this.#network.losePower()
    this.#power = 'lost'
    if (!wasOrderly && began === 'running') this.#checkNoMarker(lived)
  }

  /** A start that finds the marker trusts what it finds. */
  #checkNoMarker({ broker }: BrokerLife): void {
    if (broker.state !== 'running' && broker.state !== 'failed') return
    for (const directory of this.#plan.logDirs) {
      if (this.#disk.exists(`${directory}/${marker}`))
        this.#breaks(`${directory} has a clean-shutdown marker although the broker did not stop in order`)
    }
  }

  async #checkNothingIsLeft({ process, broker }: BrokerLife): Promise<void> {
    // Callbacks that are owed, such as the end of a socket, may still come.
    await this.#steps(60)
    const left = leftOver({
      process,
      broker,
      disk: this.#disk,
      network: this.#network,
      mailboxesBefore: this.#before
    })
    if (left.length > 0) this.#breaks(`the stop leaves ${left.join('; ')}`)
  }

  // ---- the last life

  async #lastLife(): Promise<void> {
    this.#network.refusesOneIn = 0
    const lived = this.#start()
    await this.#within('the last start', () => lived.state !== 'starting')
    if (lived.state !== 'running')
      this.#breaks(
        `the last start failed: ${lived.cause === undefined ? 'it stopped' : messageWithStack(lived.cause)}`
      )
    let read: 'no' | 'yes' = 'no'
    readOut(this.#world, () => {
      read = 'yes'
    })
    await this.#within('reading all back', () => read === 'yes')
    if (this.#broken === undefined) await this.#stop(lived)
    this.#bury(lived)
  }

  // ---- time

  async #until(isReached: () => boolean): Promise<void> {
    const end = await this.#schedule.run(() => this.#broken !== undefined || isReached(), hangsAfterSteps)
    if (end !== 'reached') this.#breaks(end)
  }

  #steps(count: number): Promise<void> {
    const last = this.#schedule.steps + count
    const isReached = (): boolean => this.#broken !== undefined || this.#schedule.steps >= last
    return this.#schedule.run(isReached, count + 1).then(() => {})
  }

  async #within(what: string, isReached: () => boolean): Promise<void> {
    const lastMs = this.#schedule.nowMs + hangsAfterMs
    const end = await this.#schedule.run(
      () => this.#broken !== undefined || isReached() || this.#schedule.nowMs > lastMs,
      hangsAfterSteps
    )
    if (this.#broken === undefined && !isReached()) this.#breaks(`${what} does not end: ${errorMessage(end)}`)
  }
}
