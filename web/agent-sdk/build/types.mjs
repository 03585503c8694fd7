// Makes one declaration file of src/types/: what pages that are written in TypeScript put beside their own.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'

const from = new URL('../src/types/', import.meta.url)
const targets = [new URL('../dist/types/tccc.d.ts', import.meta.url), new URL('../../../edge/gateway/dist/agent.d.ts', import.meta.url)]

const head = `// Types of the OpenSeat agent SDK, window.tccc. Made by \`npm run build\`; do not edit.
`

const tail = `
declare global {
  interface Window {
    /** There once the script of the SdkURL is loaded; methods may be called after the event \`ready\`. */
    tccc?: Tccc
  }
  const tccc: Tccc
}
`

const files = (await readdir(from)).filter((f) => f !== 'index.ts').sort()
const texts = await Promise.all(files.map((f) => readFile(new URL(f, from), 'utf8')))
const bodies = texts.map((text) => text.replace(/^import type [\s\S]*?from '.*'\n/gm, '').trim())
const whole = [head, bodies.join('\n\n'), tail].join('\n')

for (const target of targets) {
  await mkdir(new URL('.', target), { recursive: true })
  await writeFile(target, whole)
}
