// Every actor of this thread that is driven and has not ended. They are held weakly: the list keeps nobody alive.

export interface LivingActor {
  /** The machine's id. */
  readonly machine: string
  readonly name: string
  /** As in the trace. */
  readonly number: number
  readonly state: string
  /** In a final state. */
  readonly isOver: boolean
}

const lives = new Map<number, WeakRef<LivingActor>>()
const collected = new FinalizationRegistry<number>(number => void lives.delete(number))

export function listActor(actor: LivingActor): void {
  lives.set(actor.number, new WeakRef(actor))
  collected.register(actor, actor.number)
}

/** In the order in which their lives began. */
export function livingActors(): LivingActor[] {
  const living: LivingActor[] = []
  for (const [number, held] of lives) {
    const actor = held.deref()
    if (actor === undefined || actor.isOver) lives.delete(number)
    else living.push(actor)
  }
  return living
}
