/**
 * What the library weighs in a bundle. The core: the four names that every service uses, each used whole, with all that they bring
 * in, but for what comes with `Behaviors.coroutine` alone, which has a line of its own. fp-ts and io-ts stay outside, as the
 * package's peers. Fails above a limit.
 */
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const limitBytes = 12_000
const coroutineLimitBytes = 3_000

const withCore = await bundled(['/coroutine.js'])
const withAll = await bundled([])

const heaviest = Object.entries(withCore.inputs)
  .sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)
  .slice(0, 10)
  .map(([file, { bytesInOutput }]) => `${String(bytesInOutput).padStart(8)}  ${file}`)
const coroutineBytes = withAll.zippedBytes - withCore.zippedBytes

console.log(['minified bytes of the heaviest files:', ...heaviest].join('\n'))
console.log(
  `size: ${withCore.zippedBytes} bytes of at most ${limitBytes} (minified, gzip -9; ${withCore.bytes} before gzip)`,
)
console.log(`Behaviors.coroutine: ${coroutineBytes} bytes more of at most ${coroutineLimitBytes}`)
process.exitCode = withCore.zippedBytes <= limitBytes && coroutineBytes <= coroutineLimitBytes ? 0 : 1

/** The bundle, without the files whose import ends like this. */
async function bundled(without: readonly string[]) {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: "export { ActorSystem, Behaviors, SupervisorStrategy, ask } from 'troupe'",
      resolveDir: '.',
    },
    conditions: ['troupe-source'],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    external: ['fp-ts', 'fp-ts/*', 'io-ts', 'io-ts/*', ...without.map((file) => `*${file}`)],
    metafile: true,
    write: false,
  })
  const [bundle] = outputFiles
  const [output] = Object.values(metafile.outputs)
  if (bundle === undefined || output === undefined) throw new Error('esbuild made no bundle.')
  return {
    bytes: bundle.contents.byteLength,
    zippedBytes: gzipSync(bundle.contents, { level: 9 }).byteLength,
    inputs: output.inputs,
  }
}
