import { gzipSync } from 'node:zlib'
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

/** What a page has to load before its agent can be rung, gzipped. */
const most = 150 * 1024

function staysSmall(): Plugin {
  return {
    name: 'stays-small',
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        const size = chunk.type === 'chunk' ? gzipSync(chunk.code).length : 0
        if (size > most) this.error(`${chunk.fileName} has ${size} bytes, gzipped: more than ${most}`)
      }
    },
  }
}

// One file that a page loads with a script tag; the server embeds it (edge/gateway/script.go).
export default defineConfig({
  esbuild: { target: 'es2018', jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
  plugins: [nothingLeaks(), staysSmall()],
  build: {
    target: 'es2018',
    outDir: '../../edge/gateway/dist',
    emptyOutDir: false,
    sourcemap: true,
    lib: { entry: 'src/main.ts', formats: ['iife'], name: 'openseatAgent', fileName: () => 'agent.js' },
  },
})
