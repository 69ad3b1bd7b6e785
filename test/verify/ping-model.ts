// A model that is small enough to know by heart: a client sends a ping, a server answers, and nobody is in the way. Each
// break is one kind of violation.
import type { Action, Model } from '../../src/verify/model.js'

export interface Ping {
  readonly client: 'idle' | 'waiting' | 'gone'
  readonly server: 'free' | 'busy'
  /** Answers that were sent. */
  readonly answers: number
}

/** `lost`: the ping may vanish; `twice`: it is answered again and again; `circles`: the server never comes to an end. */
export type Break = 'lost' | 'twice' | 'circles'

const action = (from: string, to: string, says: string, by: Action['by'] = 'actor'): Action => ({
  from,
  to,
  says,
  by
})
const leave = action('client', 'client', 'leaves', 'environment')
const send = action('client', 'server', 'sends a ping; #1', 'environment')
const answer = action('server', 'client', 'answers')
const lose = action('server', 'server', 'loses the ping')
const think = action('server', 'server', 'thinks')

export function pingModel(broken?: Break): Model<Ping> {
  return {
    name: 'ping',
    about: 'one client, one server, one ping',
    parts: ['client', 'server', 'answers', 'nobody'],
    initial: () => ({ client: 'idle', server: 'free', answers: 0 }),
    next(state, step) {
      const { client, server, answers } = state
      if (client === 'idle' && answers === 0) {
        step(leave, { ...state, client: 'gone' })
        step(send, { ...state, client: 'waiting', server: 'busy' })
      }
      if (server !== 'busy') return
      if (broken === 'circles') step(think, { ...state, answers: 1 - answers })
      else if (broken === 'twice' && answers < 2)
        step(answer, { client: 'idle', server: 'busy', answers: answers + 1 })
      else step(answer, { client: 'idle', server: 'free', answers: 1 })
      if (broken === 'lost') step(lose, { ...state, server: 'free' })
    },
    key: ({ client, server, answers }) => `${client} ${server} ${answers}`,
    show: ({ client, server, answers }) => ({ client, server, answers: `${answers} sent` }),
    mayRest: ({ client }) => client !== 'waiting',
    always: [{ id: 'one-answer', says: 'a ping has one answer', holds: ({ answers }) => answers <= 1 }],
    everyStep: [
      {
        id: 'only-the-server-answers',
        says: 'the number of answers grows when the server answers',
        holds: (before, { from }, after) => before.answers === after.answers || from === 'server'
      }
    ],
    inevitable: [
      {
        id: 'answered',
        says: 'who waits gets an answer',
        from: ({ client }) => client === 'waiting',
        to: ({ client }) => client === 'idle'
      }
    ],
    sometimes: [
      { says: 'the client waits', holds: ({ client }) => client === 'waiting' },
      { says: 'the client is gone', holds: ({ client }) => client === 'gone' }
    ]
  }
}
