/**
 * Five projects: what the library does (unit), what it leaves on the heap (memory), what always holds (properties), what the compiler
 * accepts (types), and what the documentation shows (doctest; `.ci/doctest.ts` writes it).
 */
import { defineConfig, type ViteUserConfig } from 'vitest/config'

/** They read the size of the heap, and shall find on it what they put there. */
const measuring = ['test/scenarios/{coroutines,limits}.test.ts']

const config: ViteUserConfig = defineConfig({
  // The package's own name resolves to its sources, as it does for the compiler: see docs/decisions/0001.
  ssr: { resolve: { conditions: ['troupe-source', 'module', 'node'] } },
  test: {
    allowOnly: false,
    // One worker runs many files, so that the sources are loaded once: this takes a third off the time of `npm test`.
    isolate: false,
    // By default one processor is left idle, which is half of a machine that has two.
    maxWorkers: '100%',
    coverage: { include: ['modules/**/*.ts'], reporter: ['text-summary', 'html'] },
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: measuring },
      },
      {
        extends: true,
        test: { name: 'memory', include: measuring, isolate: true },
      },
      {
        extends: true,
        test: {
          name: 'properties',
          include: ['properties/**/*.prop.ts'],
          globalSetup: ['properties/globalSetup.ts'],
          setupFiles: ['properties/setup.ts'],
          testTimeout: 3_600_000,
        },
      },
      {
        extends: true,
        test: { name: 'doctest', include: ['doctest-out/doctest.test.ts'], testTimeout: 10_000 },
      },
      {
        extends: true,
        test: {
          name: 'types',
          include: [],
          typecheck: { enabled: true, only: true, include: ['test/**/*.test-d.ts'], tsconfig: 'tsconfig.types.json' },
        },
      },
    ],
  },
})

export default config
