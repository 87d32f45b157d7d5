/**
 * What the core weighs in a bundle: the four names that every service uses, each used whole, with all that they bring in.
 * fp-ts and io-ts stay outside, as the package's peers. Run after a build; fails above the limit.
 */
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const limitBytes = 12_000

const { outputFiles, metafile } = await build({
  stdin: {
    contents: "export { ActorSystem, Behaviors, SupervisorStrategy, ask } from 'troupe'",
    resolveDir: '.',
  },
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  external: ['fp-ts', 'fp-ts/*', 'io-ts', 'io-ts/*'],
  metafile: true,
  write: false,
})

const [bundle] = outputFiles
const [bundled] = Object.values(metafile.outputs)
if (bundle === undefined || bundled === undefined) throw new Error('esbuild made no bundle.')

const bytes = gzipSync(bundle.contents, { level: 9 }).byteLength
const heaviest = Object.entries(bundled.inputs)
  .sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)
  .slice(0, 10)
  .map(([file, { bytesInOutput }]) => `${String(bytesInOutput).padStart(8)}  ${file}`)

console.log(['minified bytes of the heaviest files:', ...heaviest].join('\n'))
console.log(
  `size: ${bytes} bytes of at most ${limitBytes} (minified, gzip -9; ${bundle.contents.byteLength} before gzip)`,
)
process.exitCode = bytes <= limitBytes ? 0 : 1
