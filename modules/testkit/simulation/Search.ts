/**
 * Every interleaving of a small program, one run each, depth first.
 *
 * Most orders differ in nothing: when two actors have a turn each and neither concerns the other, it does not matter who is first. The
 * search keeps, for each point, the turns that it need not try because an order that differs in nothing was tried already (its sleep
 * set): a turn tried at a point sleeps in the branches beside it until a turn is taken there that has to do with it.
 *
 * ```
 *          ●                 a and b have nothing to do with each other:
 *        a/ \b               after b, a sleeps, and the branch ends,
 *        ●   ●               for a·b has been seen
 *       b|   ┊a (asleep)
 *        ●   ○
 * ```
 *
 * Two turns have to do with each other when they belong to the same actor, to parent and child, or touch the same actor; when both arm
 * timers, draw random numbers or end asks; and when one of them ends or fails an actor, has to do with a task, makes a promise go on
 * that touches anything, or looks at what the whole system shares: subscriptions to events, who is alive, extensions.
 *
 * @see https://patricegodefroid.github.io/public_psfiles/thesis.pdf
 */
import { TroupeError } from '../../model/index.js'
import { neverActors, type Recorder } from './Recorder.js'
import type { StepListener } from './Run.js'
import type { Decider, Fault, FaultKind } from './Schedule.js'
import type { Choice } from './SimDispatcher.js'

/** Something that can be done at a point: a turn, or a turn that crashes. */
interface Option {
  /** Tells it from others at the same point and below. */
  readonly key: string
  readonly index: number
  readonly isCrash: boolean
}

/** What a turn had to do with. */
interface Footprint {
  readonly parentUid: number
  readonly uid: number
  /** By numbers that are the same in each run up to that point. */
  readonly touched: ReadonlySet<number>
  readonly isFarReaching: boolean
}

interface Point {
  /** What had happened before, and who could have a turn: the same in each run that comes here. */
  readonly mark: string
  readonly options: readonly Option[]
  readonly sleeping: ReadonlyMap<string, Footprint>
  /** Options that were tried, with what they had to do with. */
  readonly tried: Map<string, Footprint>
  current: Option
  footprint: Footprint | undefined
}

export class Search implements Decider, StepListener {
  readonly #isReducing: boolean
  readonly #maxCrashes: number
  readonly #points: Point[] = []
  #depth = 0
  #choices: readonly Choice[] = []
  #mark = ''
  /** True when a crash that was to be tried had no occasion: the run is one that was made without it. */
  #isIdleCrash = false
  #hasCrashed = false
  #keys = new Map<Choice, string>()
  /** The same for all that can be touched. */
  #numbers = new Map<object, number>()

  constructor(isReducing: boolean, maxCrashes: number) {
    this.#isReducing = isReducing
    this.#maxCrashes = maxCrashes
  }

  /** Turns to the next order. False when all were tried. */
  next(): boolean {
    for (let point = this.#points.at(-1); point !== undefined; point = this.#points.at(-1)) {
      if (point.footprint !== undefined) point.tried.set(point.current.key, point.footprint)
      const option = point.options.find(({ key }) => !point.tried.has(key) && !point.sleeping.has(key))
      if (option !== undefined && point.footprint !== undefined) {
        point.current = option
        point.footprint = undefined
        return true
      }
      this.#points.pop()
    }
    return false
  }

  /** Begins a run of the current order. */
  restart(): void {
    this.#depth = 0
    this.#isIdleCrash = false
    this.#keys = new Map()
    this.#numbers = new Map()
    for (const each of neverActors) this.#numberOf(each)
  }

  // ——— decisions ———

  choosing(choices: readonly Choice[], recorder: Recorder): void {
    this.#choices = choices
    // At each point, known or new: names are given in the order in which choices turn up.
    const keys: string[] = []
    for (const choice of choices) {
      keys.push(this.#keyOf(choice))
      this.#numberOf(choice.ref ?? choice)
    }
    this.#mark = `${String(recorder.mark())} ${keys.join(' ')}`
    // What the application and the clock have made since the last step.
    for (const each of recorder.touched ?? []) this.#numberOf(each)
  }

  /** At the end of a run that was not cut, and did not fail. */
  finished(): void {
    if (this.#depth < this.#points.length) throw notTheSame()
  }

  pick(): number {
    if (this.#isIdleCrash) return -1
    const known = this.#points[this.#depth]
    if (known !== undefined) {
      if (known.mark !== this.#mark) throw notTheSame()
      this.#depth++
      this.#hasCrashed = false
      return known.current.index
    }
    const point = this.#newPoint()
    if (point === undefined) return -1
    this.#points.push(point)
    this.#depth++
    this.#hasCrashed = false
    return point.current.index
  }

  fails(step: number, kind: FaultKind): Fault | undefined {
    if (kind !== 'crash' || this.#points[this.#depth - 1]?.current.isCrash !== true) return undefined
    this.#hasCrashed = true
    return { step, kind }
  }

  stepped(recorder: Recorder): void {
    const point = this.#points[this.#depth - 1]
    if (point === undefined) return
    if (point.current.isCrash && !this.#hasCrashed) this.#isIdleCrash = true
    const touched = new Set([...(recorder.touched ?? [])].map((each) => this.#numberOf(each)))
    point.footprint ??= footprintOf(recorder, touched)
  }

  #newPoint(): Point | undefined {
    const above = this.#points.at(-1)
    const sleeping = this.#isReducing && above !== undefined ? asleepBelow(above) : new Map<string, Footprint>()
    const options = this.#options()
    const current = options.find(({ key }) => !sleeping.has(key))
    return current === undefined
      ? undefined
      : { mark: this.#mark, options, sleeping, tried: new Map(), current, footprint: undefined }
  }

  #options(): readonly Option[] {
    const turns = this.#choices.map((choice, index) => ({ key: this.#keyOf(choice), index, isCrash: false }))
    const crashes = this.#points.filter(({ current }) => current.isCrash).length
    if (crashes >= this.#maxCrashes) return turns
    return [...turns, ...turns.map(({ key, index }) => ({ key: `${key}!`, index, isCrash: true }))]
  }

  #numberOf(touched: object): number {
    const known = this.#numbers.get(touched) ?? this.#numbers.size
    this.#numbers.set(touched, known)
    return known
  }

  /** An actor is one choice as long as it lives; tasks and links are told apart by when they were first seen. */
  #keyOf(choice: Choice): string {
    const known = this.#keys.get(choice)
    if (known !== undefined) return known
    const key = String(this.#keys.size)
    this.#keys.set(choice, key)
    return key
  }
}

/** What sleeps after the turn that was taken: what was tried beside it, or slept already, and has nothing to do with it. */
const asleepBelow = ({ sleeping, tried, footprint }: Point): ReadonlyMap<string, Footprint> =>
  new Map([...sleeping, ...tried].filter(([, other]) => footprint !== undefined && !haveToDo(other, footprint)))

const haveToDo = (a: Footprint, b: Footprint): boolean => {
  if (a.isFarReaching || b.isFarReaching) return true
  if (a.parentUid === b.uid || b.parentUid === a.uid) return true
  for (const each of a.touched) if (b.touched.has(each)) return true
  return false
}

const footprintOf = ({ actor, isFarReaching }: Recorder, touched: ReadonlySet<number>): Footprint => {
  const path = actor?.path
  return {
    uid: path?.uid ?? -1,
    parentUid: path?.parent?.uid ?? -2,
    touched,
    isFarReaching: isFarReaching || actor === undefined,
  }
}

const notTheSame = (): TroupeError =>
  new TroupeError(
    'IllegalState',
    'The same decisions have led to something else than before: the simulated application is not the same in each run. ' +
      'Make all that changes inside of it, and take time and chance from its world.',
  )
