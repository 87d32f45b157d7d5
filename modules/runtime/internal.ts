/**
 * Floor 3, the inner door: what supervisors, extensions and links to other processes need beside the public face.
 *
 * @internal
 */
export type { Inbox, Mailroom, Watcher } from './Inbox.js'
export { isRef, type Ref, refOf } from './Ref.js'
export { startTimeout, stopTimeout } from './platform.js'
export { kill, spawnBelowGuardian, spawnSystemActor, spawnWithNotice, stopTopLevel } from './privileges.js'
export type { StartNotice } from './Actor.js'
