// Drives Chromium for the Go tests: requests come as JSON lines on stdin, answers go as JSON lines to stdout.
//
//	node browser.mjs '{"wav": "tone.wav"}'    a microphone that hears tone.wav over and over
//	node browser.mjs '{"deny": true}'         a microphone that may not be used
//	node browser.mjs '{}'                     no microphone
//
// A request is {id, do, page, …}, its answer {id, value} or {id, error}. Pages are named by whoever opens them. What pages say on
// their consoles comes unasked, as {page, said}.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const { wav, deny, program } = JSON.parse(process.argv[2] ?? '{}')
const profile = await mkdtemp(join(tmpdir(), 'openseat-chromium-'))
const context = await chromium.launchPersistentContext(profile, {
  executablePath: program,
  headless: true,
  chromiumSandbox: false,
  permissions: deny ? ['notifications'] : ['microphone', 'notifications'],
  args: [
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--autoplay-policy=no-user-gesture-required',
    '--allow-loopback-in-peer-connection',
    ...(wav || deny ? ['--use-fake-device-for-media-stream'] : []),
    ...(wav ? ['--use-fake-ui-for-media-stream', `--use-file-for-fake-audio-capture=${wav}`] : []),
  ],
})
await context.addInitScript({ path: fileURLToPath(new URL('ears.js', import.meta.url)) })
const pages = new Map()

function tell(message) {
  process.stdout.write(JSON.stringify(message) + '\n')
}

/** Asks a page again and again until the answer is true; from here, since a page may forbid itself to evaluate code. */
async function wait({ page, code, timeout }) {
  const end = Date.now() + timeout
  for (;;) {
    const value = await pages.get(page).evaluate(code).catch(whileLoading)
    if (value) return value
    if (Date.now() > end) throw new Error(`not within ${timeout} ms: ${code}`)
    await sleep(20)
  }
}

/** A page that is being loaded has no answers yet; other errors are errors. */
function whileLoading(e) {
  if (!/context was destroyed|navigation|frame was detached/i.test(String(e))) throw e
}

const acts = {
  async open({ page, url, width = 1280, height = 900, locale }) {
    const opened = await context.newPage()
    opened.on('console', (m) => tell({ page, said: `${m.type()}: ${m.text()}` }))
    opened.on('pageerror', (e) => tell({ page, said: `uncaught: ${e.stack ?? e}` }))
    await opened.setViewportSize({ width, height })
    if (locale) await opened.addInitScript((l) => localStorage.setItem('lang', l), locale)
    pages.set(page, opened)
    await opened.goto(url)
  },
  goto: ({ page, url }) => pages.get(page).goto(url),
  reload: ({ page }) => pages.get(page).reload({ waitUntil: 'commit' }),
  eval: ({ page, code }) => pages.get(page).evaluate(code),
  wait,
  click: ({ page, test, timeout }) => pages.get(page).locator(`[data-test="${test}"]`).first().click({ timeout }),
  press: ({ page, selector, timeout }) => pages.get(page).locator(selector).first().click({ timeout }),
  keys: async ({ page, keys }) => {
    for (const key of keys) await pages.get(page).keyboard.press(key)
  },
  type: ({ page, text }) => pages.get(page).keyboard.type(text),
  dark: ({ page, on }) => pages.get(page).emulateMedia({ colorScheme: on ? 'dark' : 'light' }),
  run: async ({ page, path }) => void (await pages.get(page).evaluate(await readFile(path, 'utf8'))),
  offline: ({ on }) => context.setOffline(on),
  size: ({ page, width, height }) => pages.get(page).setViewportSize({ width, height }),
  shot: ({ page, path }) => pages.get(page).screenshot({ path, fullPage: true }),
  close: ({ page }) => pages.get(page).close(),
}

async function answer(line) {
  const request = JSON.parse(line)
  try {
    const value = await acts[request.do](request)
    tell({ id: request.id, value: request.do === 'eval' || request.do === 'wait' ? value : undefined })
  } catch (e) {
    tell({ id: request.id, error: String(e) })
  }
}

createInterface({ input: process.stdin })
  .on('line', (line) => void answer(line))
  .on('close', async () => {
    await context.close()
    await rm(profile, { recursive: true, force: true })
    process.exit(0)
  })
tell({ id: 0, value: context.browser()?.version() })
