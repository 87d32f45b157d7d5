/**
 * Takes every `ts` block out of the documentation (README, docs/, and the doc comments of modules/), type-checks all of them
 * in one program and leaves `doctest-out/`, where vitest runs them. A block sees the package by its own name only.
 *
 * Words after `ts`: `no-run` (type-checked, not run) and `continues` (goes on where the block before it ended). A block keeps
 * the line numbers of the page it comes from, so that every error names a line that one can open.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import ts from 'typescript'
import { filesBelow } from './files.js'

/** What stands between two fences. */
interface Fenced {
  readonly at: string
  readonly line: number
  readonly language: string
  readonly words: readonly string[]
  readonly code: readonly string[]
}

/** A program: one fenced piece, or several that continue each other. */
interface Program {
  readonly file: string
  readonly page: string
  readonly line: number
  readonly isRun: boolean
  readonly pieces: readonly Fenced[]
}

const out = 'doctest-out'
const complaints: string[] = []
const pages = [
  'README.md',
  ...filesBelow('docs', '.md').filter((page) => !page.startsWith(join('docs', 'api'))),
  ...filesBelow('modules', '.ts'),
].filter((page) => existsSync(page))
const programs = pages.flatMap((page) => programsOf(page, fencedIn(page)))

rmSync(out, { recursive: true, force: true })
for (const program of programs) write(program.file, textOf(program))
write(join(out, 'doctest.test.ts'), testsOf(programs))
complaints.push(...typeErrors(programs))

for (const complaint of complaints) console.error(complaint)
console.log(
  `doctest: ${programs.length} programs on ${pages.length} pages type-checked, ${complaints.length} complaints`,
)
process.exitCode = complaints.length === 0 ? 0 : 1

function fencedIn(page: string): readonly Fenced[] {
  const found: Fenced[] = []
  let open: (Fenced & { code: string[] }) | undefined

  for (const [index, whole] of readFileSync(page, 'utf8').split(/\r?\n/).entries()) {
    const text = page.endsWith('.ts') ? (/^\s*\* ?(.*)$/.exec(whole)?.[1] ?? '') : whole
    const fence = /^\s*```+\s*(\S*)(.*)$/.exec(text)

    if (fence === null) open?.code.push(text)
    else if (open !== undefined) {
      found.push(open)
      open = undefined
    } else {
      const [, language = '', words = ''] = fence
      const line = index + 1
      open = {
        at: `${page}:${line}`,
        line,
        language,
        words: words.split(/\s+/).filter((word) => word !== ''),
        code: [],
      }
    }
  }

  if (open !== undefined) complaints.push(`${open.at} This block is never closed.`)
  return found
}

function programsOf(page: string, pieces: readonly Fenced[]): readonly Program[] {
  const found: Program[] = []

  for (const piece of pieces) {
    const { at, line, language, words, code } = piece
    const unknown = words.filter((word) => word !== 'no-run' && word !== 'continues')
    if (/^(typescript|tsx|javascript|jsx?|mjs)$/i.test(language))
      complaints.push(`${at} Nobody checks a block of "${language}": write "ts", or "text" if it is no program.`)
    if (language !== 'ts') continue
    if (code.some((text) => /\b(?:from|import)\s*\(?\s*['"]\./.test(text)))
      complaints.push(`${at} Import 'troupe' by its name: readers have no file beside them.`)
    if (unknown.length > 0)
      complaints.push(`${at} After "ts" may stand no-run and continues, not "${unknown.join(' ')}".`)

    const before = words.includes('continues') ? found.pop() : undefined
    if (words.includes('continues') && before === undefined) complaints.push(`${at} There is no block to continue.`)
    const isRun = !words.includes('no-run')
    found.push(
      before === undefined
        ? { file: join(out, page, `L${line}.ts`), page, line, isRun, pieces: [piece] }
        : { ...before, isRun, pieces: [...before.pieces, piece] },
    )
  }

  return found
}

/** The code, each line where it stands on its page, and nothing between. */
function textOf({ pieces }: Program): string {
  const lines: string[] = []
  for (const { line, code } of pieces) {
    while (lines.length < line) lines.push('')
    lines.push(...code)
  }
  return `${lines.join('\n')}\n`
}

function testsOf(all: readonly Program[]): string {
  const groups = pages.map((page) => {
    const tests = all
      .filter((program) => program.page === page && program.isRun)
      .map(({ file, line }) => `  it('line ${line}', () => import('./${relative(out, file)}'))`)
    return tests.length === 0 ? '' : `describe('${page}', () => {\n${tests.join('\n')}\n})\n`
  })
  return `import { describe, it } from 'vitest'\n\n${groups.join('')}`
}

/** The compiler's errors under the project's own flags, but for those that only make sense for a library. */
function typeErrors(all: readonly Program[]): readonly string[] {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile('tsconfig.json', (file) => readFileSync(file, 'utf8')).config,
    ts.sys,
    '.',
    {
      moduleDetection: ts.ModuleDetectionKind.Force,
      isolatedDeclarations: false,
      declaration: false,
      declarationMap: false,
      noUnusedLocals: false,
      noUnusedParameters: false,
      skipLibCheck: true,
    },
  )
  const program = ts.createProgram({ rootNames: all.map(({ file }) => file), options })

  return ts.getPreEmitDiagnostics(program).map(({ file, start, code, messageText }) => {
    const text = `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, '\n  ')}`
    if (file === undefined || start === undefined) return text
    const { line } = file.getLineAndCharacterOfPosition(start)
    const block = all.find((candidate) => relative('.', file.fileName) === candidate.file)
    return `${block?.page ?? relative('.', file.fileName)}:${line + 1} ${text}`
  })
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
