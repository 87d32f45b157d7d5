/**
 * Floor 3, the inner door: what supervisors, extensions and links to other processes need beside the public face.
 *
 * @internal
 */
export type { Inbox, Mailroom, Watcher } from './Inbox.js'
export { type Ref, refOf } from './Ref.js'
export { kill, spawnSystemActor, spawnWithNotice } from './privileges.js'
export type { StartNotice } from './Actor.js'
