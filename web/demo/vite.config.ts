import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

// The demo page; `openseat demo` embeds it and serves it under /demo/.
export default defineConfig({
  base: '/demo/',
  plugins: [vue()],
  build: { outDir: '../../cmd/openseat/dist', emptyOutDir: false, target: 'es2020' },
})
