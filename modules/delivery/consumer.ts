/**
 * A consumer controller as a value: what it has received, what its consumer works on, and what it does next when something happens. Nothing
 * here tells anybody anything; the shell carries out what comes out.
 *
 * ```
 *   received from the producer in order:   parts → arrived → current → confirmed
 *                                          pieces   waits    with the consumer
 * ```
 */
import type { Payload } from './messages.js'

/** Whose numbers they are. */
export interface Source<P> {
  readonly id: string
  readonly numbering: string | undefined
  readonly ref: P
}

export interface Received<A, P> {
  readonly source: Source<P>
  readonly seqNr: number
  readonly payload: Payload<A>
  readonly first: boolean
  readonly ack: boolean
}

/** A message that is complete. Its number is that of its last piece. */
export interface Arrived<A> {
  readonly seqNr: number
  readonly producerId: string
  readonly payloads: readonly Payload<A>[]
  readonly first: boolean
  readonly ack: boolean
}

export interface Consumer<A, P> {
  readonly window: number
  /** False in flow control only mode. */
  readonly supportResend: boolean
  readonly hasConsumer: boolean
  readonly isStopping: boolean
  readonly source: Source<P> | undefined
  readonly receivedSeqNr: number
  readonly confirmedSeqNr: number
  readonly requestedSeqNr: number
  /** It has asked for what is missing. */
  readonly isResending: boolean
  readonly parts: readonly Received<A, P>[]
  readonly arrived: readonly Arrived<A>[]
  readonly current: Arrived<A> | undefined
  /** The first of another producer: its turn comes when all of the one before is done. */
  readonly newcomer: Received<A, P> | undefined
}

export type ConsumerEvent<A, P> =
  | { readonly _tag: 'Started' | 'DeliverThenStop' }
  | { readonly _tag: 'Received'; readonly received: Received<A, P> }
  | { readonly _tag: 'Polled'; readonly source: Source<P>; readonly lastSeqNr: number }
  | { readonly _tag: 'Confirmed'; readonly arrived: Arrived<A> }

export type ConsumerEffect<A, P> =
  | { readonly _tag: 'Deliver'; readonly arrived: Arrived<A> }
  | { readonly _tag: 'Request'; readonly to: P; readonly confirmedSeqNr: number; readonly requestUpToSeqNr: number }
  | { readonly _tag: 'Resend'; readonly to: P; readonly fromSeqNr: number }
  | { readonly _tag: 'Ack'; readonly to: P; readonly confirmedSeqNr: number }
  | { readonly _tag: 'Stop' }

type Step<A, P> = readonly [Consumer<A, P>, readonly ConsumerEffect<A, P>[]]

/** What can be told from others of its kind. */
interface Known {
  equals(that: Known): boolean
}

export const consumerWith = <A, P>(window: number, supportResend: boolean): Consumer<A, P> => ({
  window,
  supportResend,
  hasConsumer: false,
  isStopping: false,
  source: undefined,
  receivedSeqNr: 0,
  confirmedSeqNr: 0,
  requestedSeqNr: 0,
  isResending: false,
  parts: [],
  arrived: [],
  current: undefined,
  newcomer: undefined,
})

/** What comes of an event. */
export const stepConsumer = <A, P extends Known>(state: Consumer<A, P>, event: ConsumerEvent<A, P>): Step<A, P> => {
  const [changed, effects] = change(state, event)
  const [settled, more] = settle(changed)
  return [settled, [...effects, ...more]]
}

const change = <A, P extends Known>(state: Consumer<A, P>, event: ConsumerEvent<A, P>): Step<A, P> => {
  switch (event._tag) {
    case 'Started':
      return [
        { ...state, hasConsumer: true },
        state.current === undefined ? [] : [{ _tag: 'Deliver', arrived: state.current }],
      ]
    case 'DeliverThenStop':
      return [{ ...state, isStopping: true, newcomer: undefined }, []]
    case 'Received':
      return state.isStopping ? [state, []] : receive(state, event.received)
    case 'Polled':
      return state.isStopping ? [state, []] : answer(state, event.source, event.lastSeqNr)
    case 'Confirmed':
      return confirm(state, event.arrived)
  }
}

const receive = <A, P extends Known>(state: Consumer<A, P>, received: Received<A, P>): Step<A, P> => {
  const { source, seqNr, first } = received
  if (state.source === undefined || !isSame(state.source, source)) {
    if (first || !state.supportResend) return [{ ...state, newcomer: received }, []]
    return [state, [{ _tag: 'Resend', to: source.ref, fromSeqNr: 0 }]]
  }
  // A durable producer that was restarted goes on under another reference.
  const known = first ? { ...state, source } : state
  if (seqNr <= state.receivedSeqNr) return [known, first ? [request(known, source.ref)] : []]
  if (first) return jump(known, received)
  if (seqNr === state.receivedSeqNr + 1 || !state.supportResend) return [accept(known, received), []]
  return known.isResending ? [known, []] : missing(known, source.ref)
}

/** All before the first is confirmed, by this consumer or by another that the producer had meanwhile. */
const jump = <A, P>(state: Consumer<A, P>, received: Received<A, P>): Step<A, P> => {
  const requestedSeqNr = Math.max(state.requestedSeqNr, received.seqNr - 1 + state.window)
  const jumped = { ...state, requestedSeqNr }
  return [accept(jumped, received), [request(jumped, received.source.ref)]]
}

/** By number for those of a durable queue, which outlives its controllers; else by the controller. */
const isSame = <P extends Known>(a: Source<P>, b: Source<P>): boolean =>
  a.id === b.id && a.numbering === b.numbering && (a.numbering !== undefined || a.ref.equals(b.ref))

const request = <A, P>(state: Consumer<A, P>, to: P): ConsumerEffect<A, P> => ({
  _tag: 'Request',
  to,
  confirmedSeqNr: state.confirmedSeqNr,
  requestUpToSeqNr: state.requestedSeqNr,
})

const missing = <A, P>(state: Consumer<A, P>, to: P): Step<A, P> => [
  { ...state, isResending: true },
  [{ _tag: 'Resend', to, fromSeqNr: state.receivedSeqNr + 1 }],
]

const accept = <A, P>(state: Consumer<A, P>, received: Received<A, P>): Consumer<A, P> => {
  const { seqNr, payload, ack, source } = received
  const next = { ...state, receivedSeqNr: seqNr, isResending: false }
  const isBroken = seqNr !== state.receivedSeqNr + 1
  const parts = isBroken || (payload._tag === 'Chunk' && payload.isFirst) ? [received] : [...state.parts, received]
  if (payload._tag === 'Chunk' && !payload.isLast) return { ...next, parts }
  // In flow control only mode the beginning may be lost; then so is the rest.
  const [head] = parts
  if (payload._tag === 'Chunk' && head?.payload._tag === 'Chunk' && !head.payload.isFirst) return { ...next, parts: [] }
  const payloads = payload._tag === 'Whole' ? [payload] : parts.map((part) => part.payload)
  const first = received.first || parts.some((part) => part.first)
  return { ...next, parts: [], arrived: [...state.arrived, { seqNr, producerId: source.id, payloads, first, ack }] }
}

const answer = <A, P extends Known>(state: Consumer<A, P>, source: Source<P>, lastSeqNr: number): Step<A, P> => {
  if (state.source === undefined || !isSame(state.source, source))
    return [state, [{ _tag: 'Resend', to: source.ref, fromSeqNr: 0 }]]
  if (lastSeqNr <= state.receivedSeqNr) return [state, [request(state, source.ref)]]
  if (state.supportResend) {
    const [asked, effects] = missing(state, source.ref)
    return [asked, [request(state, source.ref), ...effects]]
  }
  // What was lost on the way stays so: room is made for what follows.
  const isIdle = state.current === undefined && state.arrived.length === 0
  const confirmedSeqNr = isIdle ? lastSeqNr : state.confirmedSeqNr
  const passed = { ...state, receivedSeqNr: lastSeqNr, confirmedSeqNr, parts: [] }
  return [passed, [request(passed, source.ref)]]
}

const confirm = <A, P>(state: Consumer<A, P>, arrived: Arrived<A>): Step<A, P> => {
  const { current, source } = state
  // A message that was delivered again, to a consumer that was restarted, may be confirmed by the one before as well, and late.
  if (current !== arrived || source === undefined) return [state, []]
  const { seqNr } = arrived
  const confirmed = { ...state, confirmedSeqNr: seqNr, current: undefined }
  const requestedSeqNr = demand(confirmed)
  if (current.first || requestedSeqNr !== state.requestedSeqNr) {
    const next = { ...confirmed, requestedSeqNr }
    return [next, [request(next, source.ref)]]
  }
  return [confirmed, current.ack ? [{ _tag: 'Ack', to: source.ref, confirmedSeqNr: seqNr }] : []]
}

/** How far is asked for: on, by a window, when half of the last one is used up. */
const demand = <A, P>(state: Consumer<A, P>): number => {
  const { window, requestedSeqNr, current, arrived, confirmedSeqNr, receivedSeqNr } = state
  // A message in pieces may be larger than the window: its pieces do not wait for a confirmation.
  const usedSeqNr = current === undefined && arrived.length === 0 ? receivedSeqNr : confirmedSeqNr
  return requestedSeqNr - usedSeqNr <= Math.floor(window / 2) ? usedSeqNr + window : requestedSeqNr
}

/** What is due once something has changed: the next delivery, more demand, the next producer, the end. */
const settle = <A, P extends Known>(state: Consumer<A, P>): Step<A, P> => {
  const [head, ...rest] = state.arrived
  if (state.current === undefined && head !== undefined)
    return state.hasConsumer
      ? [{ ...state, current: head, arrived: rest }, [{ _tag: 'Deliver', arrived: head }]]
      : [state, []]
  if (state.current !== undefined) return [state, []]
  if (state.isStopping) return [state, [{ _tag: 'Stop' }]]
  return state.newcomer === undefined ? askForMore(state) : adopt(state, state.newcomer)
}

const askForMore = <A, P>(state: Consumer<A, P>): Step<A, P> => {
  const requestedSeqNr = demand(state)
  if (state.source === undefined || requestedSeqNr === state.requestedSeqNr) return [state, []]
  const next = { ...state, requestedSeqNr }
  return [next, [request(next, state.source.ref)]]
}

const adopt = <A, P extends Known>(state: Consumer<A, P>, newcomer: Received<A, P>): Step<A, P> => {
  const begun: Consumer<A, P> = {
    ...state,
    source: newcomer.source,
    newcomer: undefined,
    receivedSeqNr: newcomer.seqNr - 1,
    confirmedSeqNr: 0,
    requestedSeqNr: newcomer.seqNr - 1 + state.window,
    isResending: false,
    parts: [],
  }
  const [settled, effects] = settle(accept(begun, newcomer))
  return [settled, [...farewell(state), request(begun, newcomer.source.ref), ...effects]]
}

/** Whoever has its numbers forgotten here is told how far they were confirmed: it would send them again. */
const farewell = <A, P>({ source, confirmedSeqNr }: Consumer<A, P>): readonly ConsumerEffect<A, P>[] =>
  source === undefined || confirmedSeqNr === 0 ? [] : [{ _tag: 'Ack', to: source.ref, confirmedSeqNr }]
