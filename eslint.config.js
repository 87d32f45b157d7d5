/**
 * What the linter holds. Floors and doors are held by `.dependency-cruiser.cjs`, spacing by Prettier.
 */
import eslint from '@eslint/js'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

/** `fp-ts/Option` and `fp-ts/es6/Option` type-check and then fail when Node loads them. */
const wrongPaths = ['fp-ts', 'io-ts'].map((name) => ({
  regex: `^${name}/(?!lib/.*\\.js$)`,
  message: `Import '${name}/lib/X.js': other paths type-check and then fail when Node loads them.`,
}))

const typesOnly = {
  // The right paths only: a type import that this pattern lets pass is asked nothing more.
  regex: '^(?:fp-ts|io-ts)(?:$|/lib/.*\\.js$)',
  allowTypeImports: true,
  message: 'The core imports fp-ts and io-ts as types only (`import type`): at run time they weigh too much for it.',
}

const platform = {
  regex: '^node:',
  message: 'The library runs wherever JavaScript runs; what it needs of the machine comes through a port.',
}

const ambient = [
  ...['Date', 'performance', 'process', 'console', 'crypto', 'Buffer', 'MessageChannel', 'BroadcastChannel', 'fetch'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'],
  ...['queueMicrotask', 'requestAnimationFrame', 'requestIdleCallback', 'scheduler'],
].map((name) => ({
  name,
  message:
    'Time, timers, randomness and output arrive as arguments or ports; modules/runtime/platform.ts alone reads them.',
}))

const defaultExport = {
  selector: 'ExportDefaultDeclaration, ExportSpecifier[exported.name="default"]',
  message: 'Export by name: a name is found again by search.',
}

const dynamicImport = {
  selector: 'ImportExpression',
  message: 'The core is loaded as a whole: import at the head of the file.',
}

const leftBehind = {
  selector:
    'MemberExpression[property.name=/^(only|skip|todo)$/]:matches([object.name=/^(it|test|describe|suite)$/], [object.object.name=/^(it|test|describe|suite)$/])',
  message: 'A test that is skipped, or that skips the others, does not stay.',
}

const ownRuns = {
  selector: 'Property[key.name="numRuns"]',
  message: 'The number of runs is set for all properties together: TROUPE_RUNS, 1,000 in `npm test`.',
}

export default defineConfig(
  globalIgnores(['dist/', 'docs/api/', 'doctest-out/', 'coverage/', '.cache/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' } },
  eslint.configs.recommended,

  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/consistent-type-exports': 'error',
      // `import { type A } from 'x'` still loads x at run time.
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: wrongPaths }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Phantom and variance parameters are used once on purpose, and `() => void | undefined` refuses async functions.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      // `x as Frame` says which type remains; `x!`, which it would ask for, is refused by another rule.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // A cast carries a comment that says why it is true; that it narrows is the point of it.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // `isolatedDeclarations` asks for types where these would leave them out or move them.
      '@typescript-eslint/no-inferrable-types': 'off',
      '@typescript-eslint/consistent-generic-constructors': 'off',
      // `interface A extends B {}` gives B a name of its own in the documentation.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      // A getter on the prototype costs an instance nothing, a field does.
      '@typescript-eslint/class-literal-property-style': 'off',
      // A walk up a tree begins with `this`.
      '@typescript-eslint/no-this-alias': 'off',
      // An empty function is a fine value where a port or a test needs one.
      '@typescript-eslint/no-empty-function': 'off',
      // Under noPropertyAccessFromIndexSignature the brackets say that the key may be missing.
      '@typescript-eslint/dot-notation': 'off',
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', defaultExport],
    },
  },

  {
    files: ['modules/**/*.ts'],
    rules: {
      // What callers without types hand over is looked at, though the types say that it cannot be.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      'no-console': 'error',
      'no-restricted-globals': ['error', { globals: ambient, checkGlobalObject: true }],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Randomness arrives as a port or a seeded generator.' },
      ],
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: [...wrongPaths, platform] }],
    },
  },
  {
    files: ['modules/{base,model,behavior,runtime}/**/*.ts', 'modules/index.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: [...wrongPaths, platform, typesOnly] }],
      'no-restricted-syntax': ['error', defaultExport, dynamicImport],
    },
  },
  {
    files: ['modules/runtime/platform.ts'],
    rules: { 'no-console': 'off', 'no-restricted-globals': 'off', 'no-restricted-properties': 'off' },
  },

  {
    files: ['test/**/*.ts', 'properties/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', defaultExport, leftBehind],
      // A test reaches for what it knows to be there, and hands over what is wrong on purpose.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['properties/**/*.ts'],
    ignores: ['properties/setup.ts'],
    rules: { 'no-restricted-syntax': ['error', defaultExport, leftBehind, ownRuns] },
  },

  // Tools want their configuration as a default export.
  { files: ['*.config.ts', '.ci/mutation/*.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: { globals: { console: false, process: false, URL: false, module: false, require: false } },
  },
  // What is measured runs as plain JavaScript, so that no loader comes between; it reads the clock and waits.
  {
    files: ['bench/**/*.js'],
    languageOptions: { globals: { performance: false, setImmediate: false, setTimeout: false } },
  },
)
