import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const environmentOnlyAtTheEdge = ['env', 'exit', 'exitCode'].map((property) => ({
  object: 'process',
  property,
  message: 'Only src/cli/ and scripts/ read the environment or end the process.',
}));

/** What scripts of the page use of the browser. */
const BROWSER_GLOBALS = [
  ...[
    'AbortController',
    'AbortSignal',
    'EventSource',
    'File',
    'FormData',
    'URLSearchParams',
    'XMLHttpRequest',
  ],
  ...[
    'clearTimeout',
    'document',
    'fetch',
    'history',
    'localStorage',
    'location',
    'matchMedia',
    'navigator',
    'setTimeout',
    'window',
  ],
];

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'test-results/', 'node_modules/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    // encoder-pool.ts sets a variable for a native library; it reads none.
    ignores: ['src/cli/**', 'src/classifier/embedding/encoder-pool.ts'],
    rules: { 'no-restricted-properties': ['error', ...environmentOnlyAtTheEdge] },
  },
  // tsconfig.scripts.json has their names checked, with the globals that Node really has.
  { files: ['scripts/**/*.mjs'], rules: { 'no-undef': 'off' } },
  {
    files: ['public/**/*.js'],
    languageOptions: { globals: Object.fromEntries(BROWSER_GLOBALS.map((name) => [name, 'readonly'])) },
    rules: { 'max-lines': ['error', 250] },
  },
);
