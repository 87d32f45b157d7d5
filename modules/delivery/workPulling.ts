/**
 * Sharing work among workers as a value: who asks, who has what, and what happens next. Nothing here sends anything; the shell carries out
 * what comes out.
 */

/** One of those who work. */
interface Worker<Item, Ask> {
  readonly key: string
  /** How it is given the next piece of work; undefined while it asks for none. */
  readonly ask: Ask | undefined
  /** What it has, oldest first; it confirms in that order. */
  readonly items: readonly Item[]
}

export interface Sharing<Item, Ask> {
  /** What is given is stored before anybody gets it. */
  readonly isDurable: boolean
  readonly isStoring: boolean
  readonly hasProducer: boolean
  /** The producer was told that it may send. */
  readonly isRequested: boolean
  /** Who has waited longest for work is first. */
  readonly workers: readonly Worker<Item, Ask>[]
  /** What nobody has: that of workers that have ended, and what a durable queue had. */
  readonly left: readonly Item[]
  /** So many of them, from the first, were given away since: a backlog is not copied for each piece of work. */
  readonly given: number
}

export type SharingEvent<Item, Ask> =
  | { readonly _tag: 'Started' }
  | { readonly _tag: 'Listed'; readonly keys: readonly string[] }
  | { readonly _tag: 'Asked'; readonly key: string; readonly ask: Ask }
  | { readonly _tag: 'Given' | 'Stored'; readonly item: Item }
  | { readonly _tag: 'Done'; readonly key: string }

export type SharingEffect<Item, Ask> =
  | { readonly _tag: 'Begin' | 'End'; readonly key: string }
  | { readonly _tag: 'Assign'; readonly ask: Ask; readonly item: Item }
  | { readonly _tag: 'Store' | 'Confirm'; readonly item: Item }
  | { readonly _tag: 'RequestNext' }

type Step<Item, Ask> = readonly [Sharing<Item, Ask>, readonly SharingEffect<Item, Ask>[]]

/** Nobody is there; with a durable queue, `left` is what it had. */
export const nobody = <Item, Ask>(left?: readonly Item[]): Sharing<Item, Ask> => ({
  isDurable: left !== undefined,
  isStoring: false,
  hasProducer: false,
  isRequested: false,
  workers: [],
  left: left ?? [],
  given: 0,
})

/** What comes of an event. */
export const stepSharing = <Item, Ask>(state: Sharing<Item, Ask>, event: SharingEvent<Item, Ask>): Step<Item, Ask> => {
  const [changed, effects] = change(state, event)
  const [assigned, assignments] = assign(changed)
  const [asked, requests] = requestNext(assigned)
  return [asked, [...effects, ...assignments, ...requests]]
}

const change = <Item, Ask>(state: Sharing<Item, Ask>, event: SharingEvent<Item, Ask>): Step<Item, Ask> => {
  switch (event._tag) {
    case 'Started':
      // One that was told before does not know of it any more.
      return [{ ...state, hasProducer: true, isRequested: false }, []]
    case 'Listed':
      return list(state, event.keys)
    case 'Asked': {
      const worker = state.workers.find(({ key }) => key === event.key)
      if (worker === undefined) return [state, []]
      const others = state.workers.filter((each) => each !== worker)
      return [{ ...state, workers: [...others, { ...worker, ask: event.ask }] }, []]
    }
    case 'Given': {
      const taken = { ...state, isRequested: false }
      if (state.isDurable) return [{ ...taken, isStoring: true }, [{ _tag: 'Store', item: event.item }]]
      return [leave(taken, [...leftBy(state), event.item]), []]
    }
    case 'Stored':
      return [leave({ ...state, isStoring: false }, [...leftBy(state), event.item]), []]
    case 'Done':
      return done(state, event.key)
  }
}

const list = <Item, Ask>(state: Sharing<Item, Ask>, keys: readonly string[]): Step<Item, Ask> => {
  const gone = state.workers.filter(({ key }) => !keys.includes(key))
  const stay = state.workers.filter(({ key }) => keys.includes(key))
  const come = keys.filter((key) => !state.workers.some((worker) => worker.key === key))
  const newcomers = come.map((key): Worker<Item, Ask> => ({ key, ask: undefined, items: [] }))
  return [
    leave({ ...state, workers: [...stay, ...newcomers] }, [...gone.flatMap(({ items }) => items), ...leftBy(state)]),
    [
      ...gone.map(({ key }): SharingEffect<Item, Ask> => ({ _tag: 'End', key })),
      ...come.map((key): SharingEffect<Item, Ask> => ({ _tag: 'Begin', key })),
    ],
  ]
}

const done = <Item, Ask>(state: Sharing<Item, Ask>, key: string): Step<Item, Ask> => {
  const [item] = state.workers.find((worker) => worker.key === key)?.items ?? []
  if (item === undefined) return [state, []]
  const workers = state.workers.map((worker) =>
    worker.key === key ? { ...worker, items: worker.items.slice(1) } : worker,
  )
  return [{ ...state, workers }, [{ _tag: 'Confirm', item }]]
}

/** Gives what is left to those who ask. */
const assign = <Item, Ask>(state: Sharing<Item, Ask>): Step<Item, Ask> => {
  const item = state.left[state.given]
  const worker = state.workers.find(({ ask }) => ask !== undefined)
  if (item === undefined || worker?.ask === undefined) return [state, []]
  const busy = { ...worker, ask: undefined, items: [...worker.items, item] }
  const workers = state.workers.map((each) => (each === worker ? busy : each))
  const [next, effects] = assign(giveFirst({ ...state, workers }))
  return [next, [{ _tag: 'Assign', ask: worker.ask, item }, ...effects]]
}

const leftBy = <Item, Ask>({ left, given }: Sharing<Item, Ask>): readonly Item[] => left.slice(given)

const leave = <Item, Ask>(state: Sharing<Item, Ask>, left: readonly Item[]): Sharing<Item, Ask> => ({
  ...state,
  left,
  given: 0,
})

/** The first is left no more. What was given away is let go when it is half of all, so that each is copied but once or twice. */
const giveFirst = <Item, Ask>(state: Sharing<Item, Ask>): Sharing<Item, Ask> => {
  const given = state.given + 1
  return given * 2 < state.left.length ? { ...state, given } : leave(state, state.left.slice(given))
}

const requestNext = <Item, Ask>(state: Sharing<Item, Ask>): Step<Item, Ask> =>
  state.hasProducer && !state.isRequested && !state.isStoring && state.workers.some(({ ask }) => ask !== undefined)
    ? [{ ...state, isRequested: true }, [{ _tag: 'RequestNext' }]]
    : [state, []]
