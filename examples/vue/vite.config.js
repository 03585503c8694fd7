import vue from '@vitejs/plugin-vue'
import { vitePlugin as backEnd } from 'openseat-example-back-end'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [vue(), backEnd],
  server: { host: '127.0.0.1', port: Number(process.env.PORT ?? 9101) },
})
