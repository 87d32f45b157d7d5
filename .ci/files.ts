/** The files of the repository, for the scripts and tests that look at all of them. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The files below a folder whose name ends as told, sorted; none where the folder does not exist (yet). */
export const filesBelow = (folder: string, ending: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith(ending))
        .map((name) => join(folder, name))
        .sort()
    : []
