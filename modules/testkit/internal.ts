/**
 * Floor 4, the inner door of the test kit: what makes arbitraries of schedules.
 *
 * @internal
 */
export { seededRandom } from '../base/index.js'
export { oneOf, requireThat, wholeFrom } from '../model/internal.js'
export { show } from './show.js'
export { faultKinds } from './simulation/Schedule.js'
export { beginning, simpler, type Place } from './simulation/simpler.js'
