/** What the tests of coroutines say and ask for. */
import { log } from '../../scene.js'

export const say = (text: string): void => void log.push(text)

export const is =
  (wanted: string) =>
  (text: string): boolean =>
    text === wanted
