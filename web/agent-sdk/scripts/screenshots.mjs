// Takes a picture of every state of the face, from the story page: no server is needed.
//
//	node web/agent-sdk/scripts/screenshots.mjs [--all] [folder] [scene…]
//
// Without --all, those that the documentation shows. It uses what end-to-end tests use: playwright-core from e2e/ (npm ci --prefix e2e)
// and Chromium; CHROMIUM names the browser if it is not /usr/bin/chromium.
import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { createServer } from 'vite'

const sdk = resolve(import.meta.dirname, '..')
const require = createRequire(resolve(sdk, '../../e2e/package.json'))
const { chromium } = require('playwright-core')

const args = process.argv.slice(2)
const all = args.includes('--all')
const [folder = resolve(sdk, '../../docs/images/agent'), ...only] = args.filter((a) => !a.startsWith('--'))
await mkdir(folder, { recursive: true })

const wide = { width: 1100, height: 700 }
const small = { width: 390, height: 780 }
/** What differs from English, light, on a desk. */
const shots = [
  ...['float', 'ringing', 'bar', 'bar-held', 'bar-keypad', 'bar-transfer', 'bar-consult', 'bar-oneway', 'bar-elsewhere', 'bar-tab', 'bar-device', 'bar-trouble', 'bar-reconnecting', 'bar-kicked', 'bar-monitor', 'wrapup', 'ringing-phone'].map((scene) => ({ scene })),
  ...['idle', 'workbench-ringing', 'workbench-talk', 'workbench-transfer', 'workbench-consult', 'workbench-inviting', 'workbench-conference', 'workbench-handing'].map((scene) => ({ scene })),
  ...['workbench-second', 'workbench-internal', 'workbench-calling', 'aftercall', 'status', 'records', 'people', 'day', 'watch', 'settings', 'help'].map((scene) => ({ scene })),
  ...['reconnecting', 'kicked', 'expired', 'inline'].map((scene) => ({ scene })),
  ...['ringing', 'bar-transfer', 'workbench-talk', 'aftercall', 'day', 'settings'].map((scene) => ({ scene, lang: 'zh' })),
  ...['workbench-talk', 'idle', 'day', 'bar-transfer'].map((scene) => ({ scene, theme: 'dark' })),
  ...['ringing', 'workbench-talk', 'idle', 'records'].map((scene) => ({ scene, size: small, suffix: 'small' })),
]
/** States that nobody needs to read about, to be looked at when the face is changed. */
const more = [
  ...['idle-notes', 'idle-empty', 'idle-loading', 'idle-error', 'signing-in'].map((scene) => ({ scene })),
  ...['watch', 'records', 'people', 'workbench-consult', 'workbench-transfer', 'idle', 'bar-consult', 'kicked', 'help'].map((scene) => ({ scene, lang: 'zh' })),
  ...['watch', 'records', 'people', 'settings', 'workbench-consult', 'aftercall', 'bar-oneway', 'help', 'reconnecting'].map((scene) => ({ scene, theme: 'dark' })),
  ...['watch', 'people', 'settings', 'workbench-transfer', 'workbench-consult', 'aftercall', 'day', 'bar', 'bar-transfer'].map((scene) => ({ scene, size: small, suffix: 'small' })),
]

const server = await createServer({ root: sdk, configFile: false, logLevel: 'error', esbuild: { jsx: 'automatic', jsxImportSource: 'preact' }, server: { port: 5199, strictPort: true, host: '127.0.0.1', hmr: false, watch: null } })
await server.listen()
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required', '--allow-loopback-in-peer-connection'] })
try {
  const wanted = (all ? [...shots, ...more] : shots).filter((s) => only.length === 0 || only.includes(s.scene))
  const context = await browser.newContext({ deviceScaleFactor: 1, timezoneId: 'Asia/Shanghai' })
  const page = await context.newPage()
  await page.clock.setFixedTime(new Date('2026-05-06T15:42:00+08:00')) // the same pictures every time
  page.on('pageerror', (e) => console.error(e))
  page.on('console', (m) => m.type() === 'error' && console.error(m.text()))
  for (const { scene, lang = 'en', theme = 'light', size = wide, suffix } of wanted) {
    await page.setViewportSize(size)
    await page.goto(`http://127.0.0.1:5199/stories/?scene=${scene}&lang=${lang}&theme=${theme}`)
    if (scene === 'status') await page.locator('.statusButton').click()
    await page.waitForTimeout(450) // until what moves has come to rest
    const name = [scene, lang === 'zh' && 'zh', theme === 'dark' && 'dark', suffix].filter(Boolean).join('.')
    await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' })
  }
  if (only.length === 0 || only.includes('check')) await takeCheck()
} finally {
  await browser.close()
  await server.close()
}

/** The self-check, in both languages, with a stand-in for the server that sends sound from within the page. */
async function takeCheck() {
  for (const [lang, theme, size] of [['en', 'light', { width: 860, height: 1180 }], ['zh', 'light', { width: 860, height: 1180 }], ['en', 'dark', { width: 390, height: 900 }]]) {
    const context = await browser.newContext({ viewport: size, colorScheme: theme, permissions: ['microphone'] })
    const page = await context.newPage()
    await page.addInitScript(standIn)
    await page.goto(`http://127.0.0.1:5199/check/check.html?ticket=t&lang=${lang}`)
    await page.locator('[data-step=microphone] .primary').click()
    await page.locator('[data-step=microphone][data-standing=good]').waitFor()
    await page.locator('[data-step=speaker] .actions .button').click()
    await page.locator('.question .primary').click()
    await page.locator('[data-step=network]:not([data-standing=busy])').waitFor()
    await page.screenshot({ path: join(folder, `check${lang === 'zh' ? '.zh' : theme === 'dark' ? '.dark.small' : ''}.png`), fullPage: true })
    await context.close()
  }
}

/** Runs in the page: a WebSocket that answers as the server does, and a peer that sings. */
function standIn() {
  window.WebSocket = class {
    static OPEN = 1
    readyState = 1
    constructor() {
      setTimeout(() => this.onopen?.(), 10)
    }
    async send(text) {
      const { id, method, params } = JSON.parse(text)
      const result = method === 'echo.offer' ? { sdp: await this.echo(params.sdp) } : { now: Date.now() }
      setTimeout(() => this.onmessage?.({ data: JSON.stringify({ id, result }) }), 12)
    }
    async echo(sdp) {
      this.peer = new RTCPeerConnection()
      await this.peer.setRemoteDescription({ type: 'offer', sdp })
      const context = new AudioContext()
      const end = context.createMediaStreamDestination()
      const tone = context.createOscillator()
      tone.connect(end)
      tone.start()
      this.peer.addTrack(end.stream.getAudioTracks()[0], end.stream)
      await this.peer.setLocalDescription(await this.peer.createAnswer())
      await new Promise((done) => (this.peer.onicecandidate = (e) => e.candidate ?? done()))
      return this.peer.localDescription.sdp
    }
    close() {
      setTimeout(() => this.peer?.close(), 0)
    }
  }
}
