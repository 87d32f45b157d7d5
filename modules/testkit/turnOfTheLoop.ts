/**
 * Lets the event loop, and with it timers and promises, have a turn.
 */
import { startTimeout } from '../runtime/internal.js'

export const turnOfTheLoop = (): Promise<void> =>
  new Promise((resolve) => {
    startTimeout(resolve, 0)
  })
