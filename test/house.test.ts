/**
 * The house stays tidy: what users can import is documented, what is written is listed, nothing unfinished lies about.
 * Each promise collects everything that breaks it, so that one run shows the whole list.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { filesBelow } from '../.ci/files.js'

const read = (file: string): string => readFileSync(file, 'utf8')
const foldersIn = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
    : []

const modules = filesBelow('modules', '.ts')
const sources = ['modules', 'test', 'properties', 'examples', 'bench', '.ci'].flatMap((folder) =>
  ['.ts', '.mjs'].flatMap((ending) => filesBelow(folder, ending).filter((file) => !file.includes('node_modules'))),
)
const pages = [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  ...filesBelow('docs', '.md').filter((page) => !page.startsWith(join('docs', 'api'))),
  ...filesBelow('examples', '.md'),
]

/** The sources behind the exports map: what users can import. */
const doors = Object.values((JSON.parse(read('package.json')) as { exports: Record<string, unknown> }).exports).flatMap(
  (target) => {
    const source = (target as { readonly 'troupe-source'?: string })['troupe-source']
    return source === undefined || !existsSync(source) ? [] : [relative('.', source)]
  },
)

const program = ts.createProgram({
  rootNames: [...doors, ...modules],
  options: {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    types: ['node'],
    skipLibCheck: true,
  },
})
const checker = program.getTypeChecker()

/** Passes when nothing breaks the promise; else shows all that does, under the advice. */
const expectNone = (offenders: readonly string[], advice: string): void =>
  expect([...new Set(offenders)], advice).toEqual([])

describe('what users can import', () => {
  const categories = (JSON.parse(read('typedoc.json')) as { categoryOrder: readonly string[] }).categoryOrder.filter(
    (category) => category !== '*',
  )

  it('is documented: a sentence, a category, the version it came with, and an example that runs', () => {
    const complaints = doors.flatMap(exportsOf).flatMap(({ name, symbol, isType, declaration }) => {
      const { sentence, tags } = docOf(symbol)
      const category = tags.get('category') ?? ''
      return [
        sentence === '' && 'has no doc comment',
        !categories.includes(category) &&
          `has ${category === '' ? 'no @category' : `the @category ${category}`}; choose of ${categories.join(', ')}`,
        !/^\d+\.\d+\.\d+$/.test(tags.get('since') ?? '') && 'has no @since with a version',
        !isType &&
          !/^```ts(?! no-run)/m.test(tags.get('example') ?? '') &&
          'has no @example with a ```ts block that runs',
      ]
        .filter((complaint) => complaint !== false)
        .map((complaint) => `${place(declaration)} ${name} ${complaint}`)
    })

    expectNone(complaints, 'document it in its own file')
  })
})

describe('every file of modules/', () => {
  it('begins with a comment on the file itself', () => {
    const bare = modules.filter(
      (file) =>
        !/^\/\*\*(?:(?!\*\/)[^])*\*\/\n(?:\n|import\b|export\s+(?:\*|\{|type\s+[*{])|\/\*\*|declare module)/.test(
          read(file),
        ),
    )

    expectNone(bare, 'say at the head of the file what it is, then leave a line free')
  })

  it('belongs to a room of the plan', () => {
    const { rooms } = JSON.parse(read('.ci/floors.json')) as { rooms: Record<string, unknown> }

    expectNone(
      foldersIn('modules').filter((room) => !(room in rooms)),
      'enter the room in .ci/floors.json',
    )
  })
})

describe('every source file', () => {
  it('has at most 600 lines', () => {
    const long = sources.flatMap((file) => {
      const lines = read(file).split('\n').length - 1
      return lines > 600 ? [`${file} has ${lines}`] : []
    })

    expectNone(long, 'find the second subject in it and give that a file')
  })

  it('is finished, as far as its comments know', () => {
    const unfinished = /\b(?:TO[D]O|FIX[M]E|X[X]X|HAC[K])\b/

    expectNone(
      [...sources, ...pages].flatMap((file) => linesWith(file, unfinished)),
      'do it, or say in the changelog what is missing',
    )
  })

  it('leaves no test out', () => {
    const leftOut = /\b(?:it|test|describe|suite)(?:\.\w+)*\.(?:only|skip|todo)\b/

    expectNone(
      sources.flatMap((file) => linesWith(file, leftOut)),
      'run it or delete it',
    )
  })
})

describe('every test file', () => {
  it('has a name under which it is run', () => {
    const isRun = (file: string): boolean => /^test.*\.test(-d)?\.ts$|^properties.*\.prop\.ts$/.test(file)
    const hasTests = (file: string): boolean => /^\s*(?:it|test|describe)(?:\.\w+)*\(/m.test(read(file))

    const tests = [...filesBelow('test', '.ts'), ...filesBelow('properties', '.ts')]
    expectNone(
      tests.filter((file) => hasTests(file) && !isRun(file)),
      'name it test/….test.ts, test/….test-d.ts or properties/….prop.ts',
    )
  })
})

describe('the documentation', () => {
  it('numbers its decisions without a gap and lists each', () => {
    const folder = join('docs', 'decisions')
    const names = filesBelow(folder, '.md').map((file) => basename(file))
    const decisions = names.filter((name) => name !== 'README.md' && name !== 'template.md')
    const list = existsSync(join(folder, 'README.md')) ? read(join(folder, 'README.md')) : ''

    expectNone(
      decisions.filter((name) => !/^\d{4}-[a-z0-9-]+\.md$/.test(name)),
      'name a decision NNNN-in-a-few-words.md',
    )
    expectNone(
      decisions.filter((name, index) => Number(name.slice(0, 4)) !== index + 1),
      'number decisions from 0001 without a gap, each number once',
    )
    expectNone(
      decisions.filter((name) => !list.includes(`](${name})`)),
      'list it in docs/decisions/README.md',
    )
  })

  it('explains the tag of every error under a heading of its own', () => {
    const page = existsSync('docs/errors.md') ? read('docs/errors.md') : ''
    const tags = modules.filter((file) => /^modules\/model\/errors[./]/.test(file)).flatMap(tagsOfErrors)

    expectNone(
      tags.filter((tag) => !new RegExp(`^#{2,} \`?${tag}\`?$`, 'm').test(page)),
      'add a heading with the bare tag to docs/errors.md, and say under it what happened and what to do',
    )
  })

  it('mentions every example in the README', () => {
    const readme = existsSync('README.md') ? read('README.md') : ''

    expectNone(
      foldersIn('examples').filter((name) => !readme.includes(`examples/${name}`)),
      'write what it shows in README.md, with its path',
    )
  })

  it('shows only examples that a test runs', () => {
    const tests = filesBelow('test', '.test.ts').map(read).join('')

    expectNone(
      foldersIn('examples').filter((name) => !tests.includes(`examples/${name}/`)),
      'write a test that runs examples/<name>/main.ts',
    )
  })

  it('links to files that exist', () => {
    const broken = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!\w+:|#)([^)\s#]+)[^)]*\)/g)].flatMap(([, target = '']) =>
        existsSync(join(dirname(page), target)) || target.startsWith('docs/api') ? [] : [`${page} links to ${target}`],
      ),
    )

    expectNone(broken, 'point the link at a file of the repository')
  })
})

interface Exported {
  readonly name: string
  /** As the door names it: it carries the comment above an `export * as`. */
  readonly symbol: ts.Symbol
  readonly isType: boolean
  readonly declaration: ts.Declaration
}

/** What a door opens, and what the namespaces among it hold. */
function exportsOf(door: string): readonly Exported[] {
  const source = program.getSourceFile(door)
  const symbol = source === undefined ? undefined : checker.getSymbolAtLocation(source)
  return symbol === undefined ? [] : membersOf(symbol, '')
}

function membersOf(module: ts.Symbol, prefix: string): readonly Exported[] {
  return checker.getExportsOfModule(module).flatMap((symbol): readonly Exported[] => {
    const target = resolved(symbol)
    const declaration = target.declarations?.[0]
    if (declaration === undefined || !relative('.', declaration.getSourceFile().fileName).startsWith('modules'))
      return []

    const name = prefix + symbol.name
    const isTypeOnly = symbol.declarations?.some((each) => ts.isExportSpecifier(each) && each.isTypeOnly) ?? false
    const isType = isTypeOnly || (target.flags & (ts.SymbolFlags.Value | ts.SymbolFlags.Namespace)) === 0
    const isNamespace = ts.isSourceFile(declaration) || ts.isModuleDeclaration(declaration)
    return [{ name, symbol, isType, declaration }, ...(isNamespace ? membersOf(target, `${name}.`) : [])]
  })
}

function resolved(symbol: ts.Symbol): ts.Symbol {
  return (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol)
}

/** What a reader learns of a name: its sentence, and its tags by name. */
function docOf(symbol: ts.Symbol): { readonly sentence: string; readonly tags: ReadonlyMap<string, string> } {
  const target = resolved(symbol)
  const statement = symbol.declarations?.find(ts.isNamespaceExport)?.parent
  if (statement !== undefined)
    return parsed([...ts.getJSDocCommentsAndTags(statement)].map((doc) => doc.getText()).join())
  return {
    sentence: ts.displayPartsToString(target.getDocumentationComment(checker)),
    tags: new Map(target.getJsDocTags(checker).map((tag) => [tag.name, ts.displayPartsToString(tag.text).trim()])),
  }
}

/** The comment above an `export * as Name` belongs to the statement; the compiler does not give it to the name. */
function parsed(comment: string): ReturnType<typeof docOf> {
  const text = comment.replace(/^\s*\/?\*+\/? ?/gm, '')
  const [sentence = '', ...tags] = text.split(/^@(?=\w)/m)
  return {
    sentence: sentence.trim(),
    tags: new Map(tags.map((tag) => [/^\w+/.exec(tag)?.[0] ?? '', tag.replace(/^\w+/, '').trim()])),
  }
}

function tagsOfErrors(file: string): readonly string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    const isTag = ts.isPropertySignature(node) || ts.isPropertyDeclaration(node) || ts.isPropertyAssignment(node)
    if (isTag && node.name.getText() === '_tag') {
      const type = checker.getTypeAtLocation(node)
      for (const each of type.isUnion() ? type.types : [type]) if (each.isStringLiteral()) found.push(each.value)
    }
    ts.forEachChild(node, visit)
  }
  const source = program.getSourceFile(file)
  if (source !== undefined) visit(source)
  return found
}

function linesWith(file: string, pattern: RegExp): readonly string[] {
  return read(file)
    .split('\n')
    .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1} ${line.trim()}`] : []))
}

function place(node: ts.Node): string {
  const source = node.getSourceFile()
  return `${relative('.', source.fileName)}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`
}
