import { defineConfig } from 'vite'

// One file that a page loads with a script tag; the server embeds it (edge/gateway/script.go).
export default defineConfig({
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
  build: {
    target: 'es2018',
    outDir: '../../edge/gateway/dist',
    emptyOutDir: false,
    sourcemap: true,
    minify: 'esbuild',
    lib: { entry: 'src/main.ts', formats: ['iife'], name: 'openseatAgent', fileName: () => 'agent.js' },
    rollupOptions: { output: { extend: false } },
  },
})
