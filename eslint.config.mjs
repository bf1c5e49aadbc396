import js from '@eslint/js';
import jupyter from '@jupyter/eslint-plugin';
import globals from 'globals';
import typescript from 'typescript-eslint';

/** What the Jupyter rules warn about is an error here. */
const jupyterRules = jupyter.configs.recommended.map(config => ({
  ...config,
  rules: Object.fromEntries(
    Object.keys(config.rules).map(name => [name, config.rules[name] === 'off' ? 'off' : 'error'])
  )
}));

/** The Jupyter rules look at one folder only. */
function within(folder, config) {
  return { ...config, plugins: { jupyter }, files: config.files.map(pattern => `${folder}/${pattern}`) };
}

export default typescript.config(
  {
    ignores: [
      '**/node_modules/',
      '**/lib/',
      '**/dist/',
      '**/coverage/',
      '**/generated/',
      '.venv/',
      '.voxcord/',
      'extension/voxcord/',
      'ui-tests/test-results/',
      'ui-tests/playwright-report/'
    ]
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.mjs', '**/*.js'],
    extends: [js.configs.recommended],
    languageOptions: { globals: { ...globals.node } },
    rules: { eqeqeq: 'error', 'no-var': 'error', 'prefer-const': 'error' }
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [js.configs.recommended, typescript.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname
      }
    },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/strict-boolean-expressions': 'off',
      // A number in a message is text enough.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // A handler that is async on purpose is awaited by nobody, and says so with `void`.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // A schema and the type of its values share their name.
      '@typescript-eslint/no-redeclare': 'off',
      'no-redeclare': 'off'
    }
  },
  {
    // Tests and benchmarks speak to a person at a terminal, and describe callbacks that need no name of their own.
    files: ['**/tests/**', '**/bench/**', '**/*.test.ts', 'ui-tests/**'],
    rules: { 'no-console': 'off', '@typescript-eslint/explicit-module-boundary-types': 'off' }
  },
  { files: ['*/vitest.config.ts'], extends: [typescript.configs.disableTypeChecked] },
  ...jupyterRules.map(config => within('extension', config)),
  {
    // What is big, NiiVue, comes with the first picture. The rest is small and registered at once.
    files: ['extension/src/plugins/*.ts'],
    rules: {
      'jupyter/prefer-lazy-imports': [
        'error',
        {
          ignoreImports: ['case', 'home', 'live', 'models', 'panels', 'reading', 'review', 'ui', 'volumes'].map(
            folder => `../${folder}/*`
          )
        }
      ]
    }
  }
);
