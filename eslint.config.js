import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

const heavy = ['@observablehq/plot', '@dagrejs/dagre', 'katex', 'linkedom']
const mathjs = { regex: '^mathjs(/|$)', message: 'Only src/syntax/mathjs.ts imports mathjs.' }
const graphology = { regex: '^graphology', message: 'Only src/graph imports graphology.' }
const onDemand = {
  regex: `^(${heavy.join('|')})(/|$)`,
  allowTypeImports: true,
  message: "Write `await import('…')`: a static import would slow down the start of every command.",
}

/** @param {object[]} patterns @returns {import('eslint').Linter.RulesRecord} */
const restricted = (...patterns) => ({ '@typescript-eslint/no-restricted-imports': ['error', { patterns }] })

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', 'reports/', '.stryker-tmp/', 'spec/bench/peers/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['src/**/*.ts', 'spec/**/*.ts', 'scripts/**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      // Spreading a string by code points is what a tokenizer wants.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' },
      ],
      // With noUncheckedIndexedAccess, the cheap way to read inside a loop's bounds.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  { files: ['src/**/*.ts'], rules: restricted(mathjs, graphology, onDemand) },
  { files: ['src/syntax/mathjs.ts'], rules: restricted(graphology, onDemand) },
  { files: ['src/graph/**/*.ts'], rules: restricted(mathjs, onDemand) },
  {
    files: ['spec/**/*.ts'],
    rules: {
      // chai: `expect(x).to.be.true`
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
)
