/**
 * Lets Node run the TypeScript of this repository from its sources, nothing built:
 *
 *     node --conditions=troupe-source --import ./.ci/typescript.mjs file.ts
 *
 * The types are stripped by esbuild, file by file. Loaders that also wrap every function to keep its name were tried and
 * made code that creates many closures, as behaviors do, twenty times slower: see docs/decisions/0002.
 */
import { readFile } from 'node:fs/promises'
import { register } from 'node:module'
import { fileURLToPath } from 'node:url'
import { isMainThread } from 'node:worker_threads'

// Node loads this file twice: first here, as told by --import, then on the thread where it asks for the two hooks below.
if (isMainThread) register(import.meta.url)

/** An import names the JavaScript that a build would give; here it is still the TypeScript beside it. */
export const resolve = (specifier, context, next) =>
  specifier.startsWith('.') && context.parentURL?.endsWith('.ts')
    ? next(specifier.replace(/\.js$/, '.ts'), context)
    : next(specifier, context)

export const load = async (url, context, next) => {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context)
  const { transform } = await import('esbuild')
  const file = fileURLToPath(url)
  const { code } = await transform(await readFile(file, 'utf8'), {
    loader: 'ts',
    format: 'esm',
    target: `node${process.versions.node}`,
    sourcefile: file,
    sourcemap: 'inline',
  })
  return { format: 'module', source: code, shortCircuit: true }
}
