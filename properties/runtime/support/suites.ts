/**
 * All laws that are checked under simulation.
 */
import { askSuite } from './askSuite.js'
import type { Suite } from './Suite.js'
import { idleSuite } from './idleSuite.js'
import { restartSuite } from './restartSuite.js'
import { taskSuite } from './taskSuite.js'
import { timerSuite } from './timerSuite.js'
import { treeSuite } from './treeSuite.js'

export const suites: readonly Suite[] = [treeSuite, timerSuite, askSuite, taskSuite, restartSuite, idleSuite]
