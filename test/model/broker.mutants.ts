// What may go wrong in the order of start and stop.
import { brokerMachine } from '../../src/actors/broker/broker.machine.js'
import { check } from '../../src/verify/check.js'
import type { PropertyId } from '../../src/verify/model.js'
import { brokerModel } from '../../src/verify/models/broker.model.js'
import { type Edit, type Mutant, mutated } from './mutant.js'

const mutant = (name: string, caughtBy: PropertyId, change: (edit: Edit) => void): Mutant => ({
  name,
  caughtBy,
  check: () =>
    check(brokerModel({ stops: 2 }, { machine: mutated(brokerMachine, change) }), { maxStates: 50_000 })
})

const start = (step: string): string => `states.starting.states.${step}.on`
const stop = (step: string): string => `states.stopping.states.${step}.on`

export const mutants: readonly Mutant[] = [
  mutant('The startup latch opens before the last listener accepts', 'I-27', edit =>
    edit.set(`${start('handlers')}.stepDone`, '#broker.running')
  ),
  mutant('Connections are accepted before handlers run', 'I-04', edit => {
    edit.set(`${start('controller')}.stepDone`, 'requestProcessing')
    edit.set(`${start('requestProcessing')}.stepDone`, 'handlers')
    edit.set(`${start('handlers')}.stepDone`, '#broker.running')
  }),
  mutant('Logs are closed before replicas are stopped', 'I-22', edit => {
    edit.set(`${stop('controller')}.stepDone`, 'logs')
    edit.set(`${stop('logs')}.stepDone`, 'replicas')
    edit.set(`${stop('replicas')}.stepDone`, 'network')
  }),
  mutant('A failed start forgets to stop the threads', 'I-25', edit => {
    edit.set('states.stoppingAfterFailedStart.states.network.on', {
      stepDone: 'identity',
      stepFailed: 'identity'
    })
  }),
  mutant('A failed start counts as a clean end', 'I-28', edit =>
    edit.set('states.failed.entry', { type: 'openShutdownLatch', params: { clean: true } })
  ),
  mutant('A signal is not heard while a step starts', 'I-31', edit => edit.set(`${start('logs')}.stop`, {})),
  mutant('A step that fails to stop keeps the others running', 'I-29', edit =>
    edit.set(`${stop('controller')}.stepFailed`, {})
  ),
  mutant('A stop waits for a step although a worker is dead', 'I-29', edit =>
    edit.remove('states.stopping.states.requestProcessingThenFail.after')
  ),
  mutant('The next step starts while the last one runs', 'I-18', edit =>
    edit.set(`${start('metadataTree')}.stop`, 'identity')
  ),
  mutant('The shutdown latch opens before the last step', 'I-20', edit =>
    edit.set(`${stop('logDirs')}.stop`, '#broker.stopped')
  ),
  mutant('A broker that runs is stopped at one stroke', 'I-17', edit =>
    edit.set('states.running.on.stop', '#broker.stopped')
  ),
  mutant('The startup latch opens twice', 'I-19', edit => {
    edit.set('states.running.on.stop', { target: 'running', reenter: true })
  })
]
