import { defineConfig } from 'vite'

// The self-check page: check.html with one script and one style beside it; the server embeds them and serves them under /sdk/.
export default defineConfig({
  root: 'check',
  base: './',
  esbuild: { target: 'es2018', jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
  build: {
    target: 'es2018',
    outDir: '../../../edge/gateway/dist',
    emptyOutDir: false,
    modulePreload: false,
    rollupOptions: {
      input: 'check/check.html',
      output: { entryFileNames: 'check.js', assetFileNames: 'check[extname]' },
    },
  },
})
