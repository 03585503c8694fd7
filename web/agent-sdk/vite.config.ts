import { defineConfig } from 'vite'
import type { Plugin } from 'vite'

/** The script runs in strangers' pages: it may define window.tccc and nothing else. Helpers of the compiler would be globals. */
function nothingLeaks(): Plugin {
  return {
    name: 'nothing-leaks',
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type === 'chunk' && !chunk.code.startsWith('(function(){')) this.error(`${chunk.fileName} begins with a global`)
      }
    },
  }
}

// One file that a page loads with a script tag; the server embeds it (edge/gateway/script.go).
export default defineConfig({
  esbuild: { target: 'es2018', jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
  plugins: [nothingLeaks()],
  build: {
    target: 'es2018',
    outDir: '../../edge/gateway/dist',
    emptyOutDir: false,
    sourcemap: true,
    lib: { entry: 'src/main.ts', formats: ['iife'], name: 'openseatAgent', fileName: () => 'agent.js' },
  },
})
