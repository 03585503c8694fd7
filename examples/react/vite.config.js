import react from '@vitejs/plugin-react'
import { vitePlugin as backEnd } from 'openseat-example-back-end'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react(), backEnd],
  server: { host: '127.0.0.1', port: Number(process.env.PORT ?? 9102) },
})
