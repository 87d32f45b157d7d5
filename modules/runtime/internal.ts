/**
 * Floor 3, the inner door: what supervisors, extensions, test kits and links to other processes need beside the public face.
 *
 * @internal
 */
export type { StartNotice } from './Actor.js'
export { startTimeout, stopTimeout } from './platform.js'
export { kill, spawnBelowGuardian, spawnSystemActor, spawnWithNotice, stopTopLevel } from './privileges.js'
export { isRef, isTerminated } from './Ref.js'
