/**
 * What users know as `Fsm.*`.
 */
export { behavior } from './behavior.js'
export { define } from './define.js'
export { toMermaid } from './mermaid.js'
export { goto, keep, postpone, repeat, stop } from './next.js'
export { cancelTimer, eventTimeout, startTimer, stateTimeout } from './timers.js'
