/**
 * `npm run bench:fairness`: prints how late timers are, and how long a request takes, while actors are busy.
 */
import { measureFairness, type Percentiles } from './fairness.js'
import { prepare } from './prepare.js'
import { short } from './table.js'

const words = { none: 'no load', flood: 'two actors flood each other', asks: 'for (;;) await ask()' }
const cells = ({ p50, p99, max }: Percentiles): string => [p50, p99, max].map((ms) => ms.toFixed(2)).join(' / ')

prepare(false)
console.log('Milliseconds: median / p99 / most\n')
console.log('| load | work/s | lateness of a timer | an HTTP request |\n| --- | ---: | ---: | ---: |')
for (const { load, timer, http, perSecond } of measureFairness())
  console.log(`| ${words[load]} | ${short(perSecond)} | ${cells(timer)} | ${cells(http)} |`)
