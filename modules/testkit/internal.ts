/**
 * Floor 4, the inner door of the test kit: what makes arbitraries of schedules.
 *
 * @internal
 */
export { seededRandom } from '../base/index.js'
export { show } from './show.js'
export { beginning, simpler, type Place } from './simulation/simpler.js'
