/**
 * Floor 3, the public door: running behaviors.
 */
export { ActorSystem, type ActorSystemOptions } from './ActorSystem.js'
export { ask, askWithStatus } from './ask.js'
export { ContravariantActorRef, contramapRef } from './ContramappedRef.js'
export { consoleLogger, pinoLogger, type PinoLike } from './loggers.js'
export { boundedMailbox, type Overflow } from './mailboxes.js'
