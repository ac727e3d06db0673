import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

// `npm run dev` beside a running `sterna design --no-open --port 3001`: open the page with the token that it has printed behind #.
const designer = process.env.STERNA_DESIGNER ?? 'http://127.0.0.1:3001'

export default defineConfig({
  base: '/ui/',
  plugins: [react()],
  build: { target: 'es2022', modulePreload: { polyfill: false }, assetsInlineLimit: 0, chunkSizeWarningLimit: 1600 },
  test: { include: ['tests/unit/**/*.test.ts'] },
  server: {
    proxy: { '/api': { target: designer, changeOrigin: true, headers: { origin: designer, 'sec-fetch-site': 'same-origin' } } },
  },
})
