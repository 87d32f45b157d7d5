/**
 * Peers installed, library built: what has to be there before something is measured.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('.', import.meta.url))
const root = fileURLToPath(new URL('..', import.meta.url))

const npm = (args: readonly string[], cwd: string): void => {
  const { status, error } = spawnSync('npm', args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed.`)
}

/** Builds what is measured; the peers are installed the first time. */
export const prepare = (needsPeers: boolean): void => {
  if (needsPeers && !existsSync(`${folder}node_modules`))
    npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], folder)
  npm(['run', 'build'], root)
}
