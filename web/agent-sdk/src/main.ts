import { Client } from './client'
import type { Socket } from './connection'
import { Microphone } from './microphone'
import { readOptions } from './options'
import { play } from './sound'
import { everySecond } from './ticker'
import type { Tccc } from './types'
import { AgentFace } from './ui/face'

/** How a script that is loaded again finds the client that is there: on its own tccc, out of the way of pages. */
const clientOf: unique symbol = Symbol.for('openseat.client')

interface Owned extends Tccc {
  [clientOf]?: Client
}

declare global {
  interface Window {
    tccc?: Owned
  }
}

/** The script tag we are run from; pages that load us in other ways have one that names us. */
function ownTag(): HTMLScriptElement | undefined {
  const { currentScript } = document
  if (currentScript instanceof HTMLScriptElement) return currentScript
  return [...document.scripts].reverse().find((s) => s.src.includes('/sdk/agent.js'))
}

function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40 // version 4, RFC 9562 section 5.4
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

function start(tag: HTMLScriptElement): void {
  const options = readOptions(tag, navigator.language)
  const before = window.tccc?.[clientOf]
  if (before?.options.token === options.token) return // the same script was put into the page twice
  before?.stop(before.options.userId !== options.userId)
  const microphone = new Microphone(() => navigator)
  const client = new Client(
    options,
    {
      open: (url) => new WebSocket(url) as Socket,
      everySecond,
      microphone,
      uuid,
      rtc: {
        peer: () => new RTCPeerConnection({ bundlePolicy: 'max-bundle' }),
        codecs: () => RTCRtpReceiver.getCapabilities('audio')?.codecs,
        play,
      },
    },
    new AgentFace(options),
  )
  const tccc: Owned = client.tccc
  Object.defineProperty(tccc, clientOf, { value: client })
  window.tccc = tccc
  addEventListener('online', () => client.wake())
  client.start()
}

const tag = ownTag()
if (tag) start(tag)
else console.error('tccc: the agent SDK must be loaded by a script tag with its SdkURL')
