import js from '@eslint/js'
import ts from 'typescript-eslint'

export default ts.config(
  { ignores: ['**/dist/**', '**/node_modules/**'] },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Numbers in texts are what texts are for.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Options come from pages that are not written in TypeScript.
      '@typescript-eslint/no-unnecessary-type-conversion': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      // `() => x.f()` where nothing is wanted back reads better than a block.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  // A .vue file is known to vue-tsc, not to the linter: main mounts one.
  { files: ['*/src/main.ts', '*/src/router.ts', '*/src/frame/menu.ts'], rules: { '@typescript-eslint/no-unsafe-argument': 'off' } },
  // Tests compare with matchers, which are any.
  { files: ['*/test/**'], rules: { '@typescript-eslint/no-unsafe-assignment': 'off' } },
  { files: ['**/*.js', '**/*.config.ts'], extends: [ts.configs.disableTypeChecked] },
  // What builds and documents is run by Node.
  { files: ['**/*.mjs'], extends: [ts.configs.disableTypeChecked], languageOptions: { globals: Object.fromEntries(['URL', 'console', 'process', 'setTimeout', 'window', 'RTCPeerConnection', 'AudioContext'].map((name) => [name, 'readonly'])) } },
)
