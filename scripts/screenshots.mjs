// Takes the pictures of the documentation from a running demo:
//
//	bin/openseat demo --data /tmp/fresh &
//	node scripts/screenshots.mjs [http://127.0.0.1:8080] [docs/images]
//
// It uses what end-to-end tests use: playwright-core from e2e/ (npm ci --prefix e2e) and Chromium, whose microphone is a fake.
// CHROMIUM names the browser if it is not /usr/bin/chromium.
import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(new URL('../e2e/package.json', import.meta.url))
const { chromium } = require('playwright-core')

const [base = 'http://127.0.0.1:8080', folder = 'docs/images'] = process.argv.slice(2)
await mkdir(folder, { recursive: true })

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required'],
})
try {
  await take('en', { ringing: 'ringing', demo: 'demo', record: 'record' })
  await take('zh-CN', { demo: 'demo.zh' })
} finally {
  await browser.close()
}

/** Takes the pictures that have a name, in one language. */
async function take(locale, names) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 }, locale })
  await page.goto(`${base}/demo/`)
  await walk(page, (moment) => names[moment] && page.screenshot({ path: join(folder, `${names[moment]}.png`), fullPage: true }))
  await page.close()
}

/** One call from the first ring to its record. */
async function walk(page, picture) {
  const seen = (name, attribute, value) => page.waitForSelector(`[data-test=${name}][data-${attribute}=${value}]`, { timeout: 20_000 })
  const press = (name) => page.click(`[data-test=${name}]`)

  await seen('agent-status', 'status', 'free')
  await seen('phone', 'state', 'idle')
  await press('call-welcome')
  await seen('phone', 'state', 'talking')
  await page.waitForTimeout(3000) // of the greeting
  await press('key-1')
  await seen('agent-call', 'state', 'ringing')
  await page.waitForTimeout(800) // until the call bar has come in
  await picture('ringing')
  await press('agent-accept')
  await seen('agent-call', 'state', 'talking')
  await page.waitForTimeout(4000) // of talk
  await picture('demo')
  await press('phone-hangup')
  await page.waitForSelector('[data-test=cdr]', { timeout: 20_000 })
  await page.waitForFunction(() => document.querySelectorAll('[data-test=push]').length >= 3, undefined, { timeout: 20_000 })
  await picture('record')
}
