/**
 * Floor 4: actors that find each other, and actors that stand for several.
 *
 * @packageDocumentation
 */
export { find } from './find.js'
export type { GroupOptions } from './group.js'
export type { PoolCommand, PoolOptions } from './pool.js'
export { Receptionist, type ReceptionistCommand, type Registered } from './Receptionist.js'
export { Routers } from './Routers.js'
export { Routing } from './routing.js'
export { ServiceKey, type Listing } from './ServiceKey.js'
export { Topic, type TopicCommand } from './Topic.js'
