/**
 * The tree beside a reference model that is small enough to be believed: commands are done to both, and what can be asked is compared.
 */
import fc from 'fast-check'
import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, it } from 'vitest'
import { Behaviors, SupervisorStrategy, type ActorRef, type Behavior } from 'troupe'
import { ActorTestKit, type TestProbe } from 'troupe/testkit'

type Message =
  | { readonly _tag: 'Add' | 'Crash' | 'Stop' | 'Stash' | 'Unstash' | 'StartTimer' | 'CancelTimer' }
  | { readonly _tag: 'Spawn'; readonly index: number }
  | { readonly _tag: 'StopChild' | 'Watch' | 'Unwatch'; readonly index: number }
  | { readonly _tag: 'Get'; readonly replyTo: ActorRef<number> }

const timerMs = 10
const stashCapacity = 3

// ——— the model ———

/** What is known of an actor: its sum, and what it will do without being told. */
interface Node {
  readonly parent: number | undefined
  isAlive: boolean
  sum: number
  stashed: number
  /** When its timer fires; undefined while none runs. */
  dueMs: number | undefined
  readonly watching: Set<number>
}

class Model {
  readonly nodes: Node[] = [newNode(undefined)]
  /** Whose ends were noticed, as 'watcher saw target', since the last look. */
  notices: string[] = []
  nowMs = 0

  alive(index: number): Node | undefined {
    const node = this.nodes[index % this.nodes.length]
    return node?.isAlive === true ? node : undefined
  }

  /** Children end first; those who watch are told. */
  end(index: number): void {
    const node = this.nodes[index]
    if (node?.isAlive !== true) return
    this.deafen(index)
    this.nodes.forEach((child, at) => {
      if (child.parent === index) this.end(at)
    })
    node.isAlive = false
    this.nodes.forEach((watcher, at) => {
      if (watcher.isAlive && watcher.watching.delete(index)) this.notices.push(notice(at, index))
    })
  }

  /** Whoever is stopped, and all below it, hears no more of others. */
  private deafen(index: number): void {
    this.nodes[index]?.watching.clear()
    this.nodes.forEach((child, at) => {
      if (child.parent === index) this.deafen(at)
    })
  }

  /** A restart forgets the state, the stash and the timer, and ends the children without telling of it. */
  restart(index: number): void {
    const node = this.nodes[index]
    if (node === undefined) return
    const children = this.nodes.flatMap((child, at) => (child.parent === index ? [at] : []))
    for (const at of children) {
      node.watching.delete(at)
      this.deafen(at)
    }
    for (const at of children) this.end(at)
    Object.assign(node, { sum: 0, stashed: 0, dueMs: undefined })
  }

  timePasses(ms: number): void {
    this.nowMs += ms
    for (const node of this.nodes)
      if (node.isAlive && node.dueMs !== undefined && node.dueMs <= this.nowMs) {
        node.sum++
        node.dueMs = undefined
      }
  }
}

const newNode = (parent: number | undefined): Node => ({
  parent,
  isAlive: true,
  sum: 0,
  stashed: 0,
  dueMs: undefined,
  watching: new Set(),
})

const notice = (watcher: number, target: number): string => `${String(watcher)} saw ${String(target)}`

// ——— the real thing ———

class Real {
  readonly kit: ActorTestKit = ActorTestKit.create()
  readonly refs: ActorRef<Message>[] = []
  readonly notices: TestProbe<string> = this.kit.createProbe()

  constructor() {
    this.refs.push(this.kit.spawn(this.actor(0)))
    this.kit.runUntilQuiet()
  }

  tell(index: number, message: Message): void {
    this.refs[index % this.refs.length]?.tell(message)
    this.kit.runUntilQuiet()
  }

  /** The end of its child, and its own restarts, do not matter to an actor: Terminated is noted and that is all. */
  actor(self: number): Behavior<Message> {
    return pipe(
      Behaviors.withTimers<Message>((timers) =>
        Behaviors.withStash<Message>(stashCapacity, (stash) => {
          const adding = (sum: number): Behavior<Message> =>
            Behaviors.receive<Message>(
              (context, message) => {
                switch (message._tag) {
                  case 'Add':
                    return adding(sum + 1)
                  case 'Get':
                    message.replyTo.tell(sum)
                    return Behaviors.same
                  case 'Crash':
                    throw new Error('crash')
                  case 'Stop':
                    return Behaviors.stopped
                  case 'Stash':
                    stash.stash({ _tag: 'Add' })
                    return Behaviors.same
                  case 'Unstash':
                    return stash.unstashAll(adding(sum))
                  case 'StartTimer':
                    timers.startSingleTimer('add', { _tag: 'Add' }, timerMs)
                    return Behaviors.same
                  case 'CancelTimer':
                    timers.cancel('add')
                    return Behaviors.same
                  case 'Spawn':
                    this.refs[message.index] = context.spawn(this.actor(message.index))
                    return Behaviors.same
                  default:
                    return this.relate(context, message, adding(sum))
                }
              },
              (_, signal) => {
                if (signal._tag === 'Terminated')
                  this.notices.ref.tell(
                    notice(
                      self,
                      this.refs.findIndex((ref) => ref.equals(signal.ref)),
                    ),
                  )
                return Behaviors.same
              },
            )
          return adding(0)
        }),
      ),
      Behaviors.supervise(SupervisorStrategy.restart),
    )
  }

  private relate(
    context: {
      stop(ref: ActorRef<never>): void
      watch(ref: ActorRef<never>): void
      unwatch(ref: ActorRef<never>): void
    },
    { _tag, index }: Extract<Message, { readonly _tag: 'StopChild' | 'Watch' | 'Unwatch' }>,
    next: Behavior<Message>,
  ): Behavior<Message> {
    const ref = this.refs[index]
    if (ref !== undefined) context[_tag === 'StopChild' ? 'stop' : _tag === 'Watch' ? 'watch' : 'unwatch'](ref)
    return next
  }
}

// ——— commands ———

interface Command extends fc.Command<Model, Real> {}

/** Something that is told to one actor; `change` is what it does to the model. */
const told = (
  name: string,
  who: number,
  message: (model: Readonly<Model>) => Message | undefined,
  change: (model: Model, index: number, node: Node) => void,
): Command => ({
  check: (model) => model.alive(who) !== undefined && message(model) !== undefined,
  run: (model, real) => {
    const index = who % model.nodes.length
    const text = message(model)
    const node = model.alive(who)
    if (text === undefined || node === undefined) return
    change(model, index, node)
    real.tell(index, text)
    compare(model, real)
  },
  toString: () => `${name} ${String(who)}`,
})

/** Sums of the living are asked for, the dead do not answer, and ends were noticed once each. */
const compare = (model: Model, real: Real): void => {
  const seen: string[] = []
  for (;;) {
    try {
      seen.push(real.notices.receiveMessage())
    } catch {
      // No more of them.
      break
    }
  }
  expect(seen.sort()).toEqual(model.notices.sort())
  model.notices = []
  const reply = real.kit.createProbe<number>()
  model.nodes.forEach((node, index) => {
    real.tell(index, { _tag: 'Get', replyTo: reply.ref })
    if (node.isAlive) reply.expectMessage(node.sum)
    else reply.expectNoMessage()
  })
}

const who = fc.nat({ max: 9 })
const plain = (_tag: 'Add' | 'Crash' | 'Stop' | 'Stash' | 'Unstash' | 'StartTimer' | 'CancelTimer') => (): Message => ({
  _tag,
})

const commands: fc.Arbitrary<Command>[] = [
  who.map((n) =>
    told('add', n, plain('Add'), (_, __, node) => {
      node.sum++
    }),
  ),
  who.map((n) =>
    told('crash', n, plain('Crash'), (model, index) => {
      model.restart(index)
    }),
  ),
  who.map((n) =>
    told('stop', n, plain('Stop'), (model, index) => {
      model.end(index)
    }),
  ),
  who.map((n) =>
    told('stash', n, plain('Stash'), (model, index, node) => {
      // An overflow is a failure.
      if (node.stashed === stashCapacity) model.restart(index)
      else node.stashed++
    }),
  ),
  who.map((n) =>
    told('unstash', n, plain('Unstash'), (_, __, node) => {
      node.sum += node.stashed
      node.stashed = 0
    }),
  ),
  who.map((n) =>
    told('start the timer of', n, plain('StartTimer'), (model, _, node) => {
      node.dueMs = model.nowMs + timerMs
    }),
  ),
  who.map((n) =>
    told('cancel the timer of', n, plain('CancelTimer'), (_, __, node) => {
      node.dueMs = undefined
    }),
  ),
  who.map((n) =>
    told(
      'spawn below',
      n,
      (model) => (model.nodes.length < 10 ? { _tag: 'Spawn', index: model.nodes.length } : undefined),
      (model, index) => {
        model.nodes.push(newNode(index))
      },
    ),
  ),
  fc.tuple(who, who).map(([parent, child]) =>
    told(
      `stop child ${String(child)} of`,
      parent,
      (model) => {
        const index = child % model.nodes.length
        return model.nodes[index]?.parent === parent % model.nodes.length ? { _tag: 'StopChild', index } : undefined
      },
      (model) => {
        model.end(child % model.nodes.length)
      },
    ),
  ),
  fc.tuple(who, who).map(([watcher, target]) =>
    told(
      `watch ${String(target)} from`,
      watcher,
      (model) => ({ _tag: 'Watch', index: target % model.nodes.length }),
      (model, index, node) => {
        const at = target % model.nodes.length
        // Nobody outlives itself, and who is dead already is told of at once.
        if (at === index) return
        if (model.nodes[at]?.isAlive === true) node.watching.add(at)
        else model.notices.push(notice(index, at))
      },
    ),
  ),
  fc.tuple(who, who).map(([watcher, target]) =>
    told(
      `unwatch ${String(target)} from`,
      watcher,
      (model) => ({ _tag: 'Unwatch', index: target % model.nodes.length }),
      (model, _, node) => {
        node.watching.delete(target % model.nodes.length)
      },
    ),
  ),
  fc.nat({ max: 15 }).map((ms): Command => ({
    check: () => true,
    run: (model, real) => {
      model.timePasses(ms)
      real.kit.clock.timePasses(ms)
      compare(model, real)
    },
    toString: () => `${String(ms)} ms pass`,
  })),
]

describe('the tree of actors', () => {
  it('does what a model of it does, whatever is spawned, told, crashed, stopped, watched, stashed and timed', () => {
    fc.assert(
      fc.property(fc.commands(commands, { maxCommands: 40, size: 'max' }), (program) => {
        fc.modelRun(() => ({ model: new Model(), real: new Real() }), program)
      }),
    )
  })
})
