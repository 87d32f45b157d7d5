/**
 * Floor 5: the simulator for those who use fast-check. Import `Simulation` from here, and it makes arbitraries as well.
 *
 * @packageDocumentation
 */
export type { SchedulesOptions } from './schedules.js'
export { Simulation } from './Simulation.js'
