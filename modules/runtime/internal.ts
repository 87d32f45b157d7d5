/**
 * Floor 3, the inner door: what supervisors, extensions, test kits and links to other processes need beside the public face.
 *
 * @internal
 */
export { requireName } from './ActorId.js'
export type { StartNotice } from './Actor.js'
export { startTimeout, stopTimeout } from './platform.js'
export {
  beforeTermination,
  deferStart,
  identityOf,
  isTerminated,
  kill,
  livingActors,
  portsOf,
  spawnBelowGuardian,
  spawnSystemActor,
  spawnWithNotice,
  stopChildrenBy,
  stopTopLevel,
  touchShared,
} from './privileges.js'
export { Readings } from './Readings.js'
export { OwnRef } from './OwnRef.js'
export { isRef } from './Ref.js'
export { childPath } from './ActorId.js'
export { settledOf } from './Context.js'
export { openStatus } from './ask.js'
export type { Mailroom } from './Inbox.js'
export { requireFirst } from './spawning.js'
export { requireMessage } from './requireMessage.js'
export { VirtualRef } from './VirtualRef.js'
