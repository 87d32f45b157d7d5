/**
 * The interceptors behind `monitor`, `logMessages`, `transformMessages` and `decode`.
 */
import type { Option } from 'fp-ts/lib/Option.js'
import type { Decoder } from 'io-ts'
import type { ActorContext, ActorRef, Interceptor, LogLevel, TranslatingInterceptor } from '../model/index.js'
import { oneOf, requireThat } from '../model/internal.js'
import { behaviorOf, unhandled } from './nodes.js'

/**
 * Options of `Behaviors.logMessages`.
 *
 * @category model
 * @since 0.1.0
 */
export interface LogMessagesOptions {
  /** Default 'debug'. */
  readonly level?: Exclude<LogLevel, 'off'>
}

class Monitoring<A> implements Interceptor<A> {
  readonly name = 'monitor'
  readonly #ref: ActorRef<A>

  constructor(ref: ActorRef<A>) {
    this.#ref = ref
  }

  aroundReceive: NonNullable<Interceptor<A>['aroundReceive']> = (_, message, target) => {
    this.#ref.tell(message)
    return target.receive(message)
  }

  isSame(that: Interceptor<never, never>): boolean {
    // Whatever it is a reference for, references can be compared.
    return that instanceof Monitoring && this.#ref.equals((that as Monitoring<never>).#ref)
  }
}

export const monitoring = <A>(ref: ActorRef<A>): Interceptor<A> => new Monitoring(ref)

const levels = oneOf(['debug', 'info', 'warn', 'error'] satisfies LogMessagesOptions['level'][])

export const logging = <A>(options: LogMessagesOptions | undefined): Interceptor<A> => {
  const level = options?.level ?? 'debug'
  requireThat('level of Behaviors.logMessages', level, levels)
  const write = (context: ActorContext<A>, text: string, fields: Readonly<Record<string, unknown>>): void => {
    if (level === 'error') context.log.error(text, undefined, fields)
    else context.log[level](text, fields)
  }
  return {
    name: `logMessages(${level})`,
    aroundReceive: (context, message, target) => {
      write(context, 'received a message', { message })
      return target.receive(message)
    },
    aroundSignal: (context, signal, target) => {
      write(context, `received ${signal._tag}`, { signal })
      return target.signal(signal)
    },
    isSame: (that) => that.name === `logMessages(${level})`,
  }
}

/** Never the same as another: transforms compose, even when their functions are equal. */
export const transforming = <A, B>(transform: (message: B) => Option<A>): TranslatingInterceptor<B, A> => ({
  name: 'transformMessages',
  translates: true,
  aroundReceive: (_, message, target) => {
    const transformed = transform(message)
    return transformed._tag === 'Some' ? target.receive(transformed.value) : behaviorOf(unhandled)
  },
  isSame: () => false,
})

class Decoding<I, A> implements TranslatingInterceptor<I, A> {
  readonly name = 'decode'
  readonly translates = true
  readonly #decoder: Decoder<I, A>

  constructor(decoder: Decoder<I, A>) {
    this.#decoder = decoder
  }

  aroundReceive: TranslatingInterceptor<I, A>['aroundReceive'] = (_, message, target) => {
    const decoded = this.#decoder.decode(message)
    if (decoded._tag === 'Right') return target.receive(decoded.right)
    return behaviorOf({ _tag: 'Unhandled', report: decoded.left })
  }

  isSame(that: Interceptor<never, never>): boolean {
    return that instanceof Decoding && that.#decoder === this.#decoder
  }
}

export const decoding = <I, A>(decoder: Decoder<I, A>): TranslatingInterceptor<I, A> => new Decoding(decoder)
