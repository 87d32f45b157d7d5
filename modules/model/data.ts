/**
 * fp-ts' data, made by hand: the core takes fp-ts' types, so that users may pipe the values on, and nothing of it at run time.
 */
import type { Either, Left, Right } from 'fp-ts/lib/Either.js'
import type { None, Option, Some } from 'fp-ts/lib/Option.js'

/** @internal */
export const none: None = { _tag: 'None' }

/** @internal */
export const some = <A>(value: A): Some<A> => ({ _tag: 'Some', value })

/** @internal */
export const left = <E>(error: E): Left<E> => ({ _tag: 'Left', left: error })

/** @internal */
export const right = <A>(value: A): Right<A> => ({ _tag: 'Right', right: value })

/** @internal */
export type { Either, Option }
