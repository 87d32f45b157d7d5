/**
 * The tests that Stryker runs for each change of the sources: the quick ones of the room that is changed and, for the core, the scenarios.
 * What starts processes, looks at documents or measures memory stays out, and so do the tests of the rooms above.
 */
import { defineConfig, type ViteUserConfig } from 'vitest/config'

const core = ['test/scenarios/*.test.ts', 'properties/{runtime,seeds}/**/*.prop.ts']

/** Which tests may notice a change of a room. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  base: ['test/base/*.test.ts', 'properties/base/*.prop.ts'],
  behavior: [...core, 'test/behavior/**/*.test.ts', 'properties/behavior/*.prop.ts'],
  runtime: [...core, 'test/{behavior,runtime}/**/*.test.ts'],
}

const room = process.env['TROUPE_ROOM'] ?? ''
const include = rooms[room]
if (include === undefined)
  throw new Error(`TROUPE_ROOM is "${room}": it has to be one of ${Object.keys(rooms).join(', ')}.`)

const config: ViteUserConfig = defineConfig({
  // The package's own name resolves to its sources, as in the configuration above.
  ssr: { resolve: { conditions: ['troupe-source', 'module', 'node'] } },
  test: {
    allowOnly: false,
    include: [...include],
    exclude: ['test/scenarios/{allocation,coroutines,fairness,limits,process,scale}.test.ts'],
    globalSetup: ['properties/globalSetup.ts'],
    setupFiles: ['properties/setup.ts'],
    testTimeout: 60_000,
    // One worker for all files of a change: nothing here keeps state outside of what a test makes.
    isolate: false,
  },
})

export default config
