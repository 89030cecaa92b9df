import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * The layers of the source, each with what it must not reach: arrows point one way,
 * server -> app -> http -> pipeline -> (csv, classifier), cli -> training -> (csv, classifier).
 */
const layers = [
  { files: ['src/config.ts', 'src/errors.ts'], forbidden: ['./*/**', './app.js', './server.js'] },
  // What all use uses nothing of them.
  { files: ['src/async/**'], forbidden: ['../**'] },
  {
    files: ['src/classifier/**'],
    forbidden: [
      '**/http/**',
      '**/pipeline/**',
      '**/csv/**',
      '**/jobs/**',
      '**/training/**',
      '**/cli/**',
      '**/app.js',
      '**/server.js',
    ],
    packages: ['fastify', '@fastify/*', 'papaparse'],
  },
  {
    files: ['src/csv/**'],
    forbidden: [
      '**/http/**',
      '**/pipeline/**',
      '**/classifier/**',
      '**/jobs/**',
      '**/training/**',
      '**/cli/**',
      '**/app.js',
      '**/server.js',
    ],
    packages: ['fastify', '@fastify/*'],
  },
  {
    files: ['src/pipeline/**'],
    forbidden: ['**/http/**', '**/jobs/**', '**/training/**', '**/cli/**', '**/app.js', '**/server.js'],
    packages: ['fastify', '@fastify/*'],
  },
  {
    files: ['src/training/**'],
    forbidden: ['**/http/**', '**/pipeline/**', '**/jobs/**', '**/cli/**', '**/app.js', '**/server.js'],
    packages: ['fastify', '@fastify/*'],
  },
  { files: ['src/http/**'], forbidden: ['**/training/**', '**/cli/**', '**/app.js', '**/server.js'] },
  { files: ['src/app.ts'], forbidden: ['**/training/**', '**/cli/**', '**/server.js'] },
  { files: ['src/cli/**'], forbidden: ['**/http/**', '**/pipeline/**', '**/app.js', '**/server.js'] },
];

const environmentOnlyAtTheEdge = ['env', 'exit', 'exitCode'].map((property) => ({
  object: 'process',
  property,
  message: 'Only src/server.ts, src/cli/ and scripts/ read the environment or end the process.',
}));

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
    ignores: ['src/server.ts', 'src/cli/**', 'src/classifier/embedding/encoder-pool.ts'],
    rules: { 'no-restricted-properties': ['error', ...environmentOnlyAtTheEdge] },
  },
  ...layers.map(({ files, forbidden, packages = [] }) => ({
    files,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: forbidden,
              message: 'This import points against the direction of docs/architecture.md.',
            },
            ...(packages.length > 0
              ? [{ group: packages, message: 'This layer must work without that library.' }]
              : []),
          ],
        },
      ],
    },
  })),
  // tsconfig.scripts.json has their names checked, with the globals that Node really has.
  { files: ['scripts/**/*.mjs'], rules: { 'no-undef': 'off' } },
);
