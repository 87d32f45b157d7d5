/**
 * Makes the JavaScript of the package: for each door of `exports` a file, and what they share in chunks. The core becomes one
 * module, because Node reads an import through a cell each time it is used and a constant of the same module not at all: see
 * docs/decisions/0026.
 */
import type { RolldownOptions } from 'rolldown'
import manifest from './package.json' with { type: 'json' }

const doors = Object.values(manifest.exports).flatMap((door) =>
  typeof door === 'string' ? [] : [door['troupe-source']],
)
const core = /\/modules\/(?:base|model|behavior|runtime)\//

const config: RolldownOptions = {
  input: Object.fromEntries(doors.map((file) => [file.slice('./modules/'.length, -'.ts'.length), file])),
  external: (id) => !/^[./]/.test(id),
  platform: 'neutral',
  tsconfig: 'tsconfig.build.json',
  output: {
    dir: 'dist',
    format: 'es',
    sourcemap: true,
    chunkFileNames: 'chunks/[name].js',
    codeSplitting: { groups: [{ name: 'core', test: core }] },
  },
}

export default config
