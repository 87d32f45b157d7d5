/**
 * Floor 3, the inner door: what supervisors, extensions, test kits and links to other processes need beside the public face.
 *
 * @internal
 */
export type { StartNotice } from './Actor.js'
export { startTimeout, stopTimeout } from './platform.js'
export { requireName } from './ActorId.js'
export {
  deferStart,
  isTerminated,
  livingActors,
  kill,
  portsOf,
  spawnBelowGuardian,
  spawnSystemActor,
  spawnWithNotice,
} from './privileges.js'
export { stopChildrenBy, stopTopLevel } from './privileges.js'
export { isRef } from './Ref.js'
