/**
 * Runs the tests on Node 24. It is installed in a folder of its own: among the project's own packages it would take over
 * `node` in every script. What follows the script's name goes to vitest.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

const folder = join('.cache', 'node24')
const node = join(folder, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

if (!existsSync(node)) {
  mkdirSync(folder, { recursive: true })
  run('npm', ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', 'node@24'])
}
run(node, ['--version'])
run(node, [join('node_modules', 'vitest', 'vitest.mjs'), 'run', '--project=!doctest', ...process.argv.slice(2)])

function run(command: string, options: readonly string[]): void {
  const { status, error } = spawnSync(command, options, { stdio: 'inherit' })
  if (error !== undefined) throw error
  if (status !== 0) process.exit(status ?? 1)
}
