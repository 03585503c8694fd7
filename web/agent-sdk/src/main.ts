import { Client } from './client'
import type { Environment } from './client'
import type { Socket } from './connection'
import { listDevices } from './devices'
import { meter } from './meter'
import { Microphone } from './microphone'
import { Notifier } from './notifier'
import { readOptions } from './options'
import { Prefs } from './prefs'
import { play, Ringtone } from './sound'
import { Speaker } from './speaker'
import { Tab } from './tab'
import { everySecond } from './ticker'
import type { Tccc } from './types'
import { AgentFace } from './ui/face'

/** How a script that is loaded again finds the client that is there: on its own tccc, out of the way of pages. */
const clientOf: unique symbol = Symbol.for('openseat.client')

interface Owned extends Tccc {
  [clientOf]?: Client
}

/** The page's window, where the SDK lives. */
const page = window as unknown as { tccc?: Owned }

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

/** The browser's locks; absent on insecure pages and in old browsers. */
function locks(): LockManager | undefined {
  return (navigator as { locks?: LockManager }).locks
}

function browser(): Environment {
  const prefs = new Prefs(() => localStorage)
  const kept = prefs.get()
  const microphone = new Microphone(() => navigator, kept.microphone)
  const speaker = new Speaker(() => listDevices('audiooutput'), kept.speaker)
  return {
    open: (url) => new WebSocket(url) as Socket,
    everySecond,
    microphone,
    speaker,
    prefs,
    uuid,
    meter: () => meter(microphone),
    visible: () => !document.hidden,
    now: Date.now,
    random: Math.random,
    tab: (tabUUID) => new Tab({ tabUUID, drawer: () => sessionStorage, locks: locks() }),
    ring: (words, accept) => {
      const notifier = new Notifier()
      addEventListener('pointerdown', () => prefs.get().disableNotification || notifier.ask(), { once: true, capture: true })
      return {
        locks: locks(),
        tone: new Ringtone(speaker, () => prefs.get().disableRingtone === true),
        notice: {
          show: (session) => {
            if (prefs.get().disableNotification) notifier.clear()
            else notifier.show({ id: session.sessionId, title: words.incoming, body: words.who(session), clicked: () => accept(session.sessionId) })
          },
          clear: () => notifier.clear(),
        },
        rank,
      }
    },
    rtc: {
      peer: () => new RTCPeerConnection({ bundlePolicy: 'max-bundle' }),
      codecs: () => RTCRtpReceiver.getCapabilities('audio')?.codecs,
      play: (stream) => play(stream, speaker),
    },
  }
}

/** How well this page can ring; browsers keep a page silent that the agent never touched. */
function rank(): 0 | 1 | 2 {
  const touched = (navigator as { userActivation?: UserActivation }).userActivation?.hasBeenActive ?? true
  if (!touched) return 2
  return document.hidden ? 1 : 0
}

function start(tag: HTMLScriptElement): void {
  const options = readOptions(tag, navigator.language)
  const before = page.tccc?.[clientOf]
  if (before?.options.token === options.token) return // the same script was put into the page twice
  before?.stop(before.options.userId !== options.userId)
  const client = new Client(options, browser(), new AgentFace(options))
  const tccc: Owned = client.tccc
  Object.defineProperty(tccc, clientOf, { value: client })
  page.tccc = tccc
  addEventListener('online', () => client.wake())
  addEventListener('pagehide', () => client.leave(true))
  addEventListener('pageshow', (e) => {
    if (!e.persisted) return
    client.leave(false)
    client.wake()
  })
  document.addEventListener('visibilitychange', () => client.seen())
  ;(navigator as { mediaDevices?: MediaDevices }).mediaDevices?.addEventListener('devicechange', () => client.devicesChanged())
  client.start()
}

const tag = ownTag()
if (tag) start(tag)
else console.error('tccc: the agent SDK must be loaded by a script tag with its SdkURL')
