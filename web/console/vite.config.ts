import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

// The console's pages; edge/console embeds them and serves them under /console/. Against a running server: `npm run dev`.
export default defineConfig({
  base: '/console/',
  plugins: [vue()],
  build: {
    outDir: '../../edge/console/dist',
    emptyOutDir: false,
    target: 'es2022',
    chunkSizeWarningLimit: 1200,
    rollupOptions: { output: { manualChunks: { tdesign: ['tdesign-vue-next'], echarts: ['echarts'], vue: ['vue', 'vue-router', 'vue-i18n'] } } },
  },
  server: { proxy: { '/console/api': 'http://127.0.0.1:8080', '^/$': 'http://127.0.0.1:8080', '/recordings': 'http://127.0.0.1:8080' } },
})
