/**
 * Floor 1, the inner door: constructors and checks that upper rooms share.
 *
 * @internal
 */
export {
  aFunction,
  delay,
  numberFrom,
  oneOf,
  orInfinity,
  period,
  requireThat,
  something,
  wholeFrom,
  type Rule,
} from './checks.js'
export { left, none, right, some, type Either, type Option } from './data.js'
export { describeError, quoted, tagOf, taskRejected, textOf } from './errors.js'
export { rankOf } from './Logger.js'
export { checkSettings, settingRules } from './Settings.js'
export { messageAdaptionFailure, postStop, preRestart, terminated } from './Signal.js'
export { sameStrategy } from './SupervisorStrategy.js'
