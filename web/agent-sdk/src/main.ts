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
import { ticker } from './ticker'
import type { Tccc } from './types'
import { AgentFace } from './ui/face'

/** How a script that is loaded again finds what is there: on its own tccc, out of the way of pages. */
const running: unique symbol = Symbol.for('openseat.client')

interface Running {
  client: Client
  /** Ends listening to the page. */
  deaf: AbortController
}

interface Owned extends Tccc {
  [running]?: Running
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

function browser(signal: AbortSignal): Environment {
  const prefs = new Prefs(() => localStorage)
  const kept = prefs.get()
  const microphone = new Microphone(() => navigator, kept.microphone)
  const speaker = new Speaker(() => listDevices('audiooutput'), kept.speaker)
  return {
    open: (url) => new WebSocket(url) as Socket,
    everySecond: ticker(),
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
      const ask = (e: Event) => {
        if (e.target instanceof Element && e.target.localName === 'openseat-agent' && !prefs.get().disableNotification) notifier.ask()
      }
      addEventListener('click', ask, { capture: true, signal }) // of the SDK's own face: the page's clicks are none of ours
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
      // Chromium 76 was the first that could choose.
      codecs: () => ('setCodecPreferences' in RTCRtpTransceiver.prototype ? RTCRtpReceiver.getCapabilities('audio')?.codecs : undefined),
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
  const before = page.tccc?.[running]
  if (before?.client.options.token === options.token) return // the same script was put into the page twice
  before?.deaf.abort()
  before?.client.stop(before.client.options.userId !== options.userId)
  const deaf = new AbortController()
  const client = new Client(options, browser(deaf.signal), new AgentFace(options))
  const tccc: Owned = client.tccc
  Object.defineProperty(tccc, running, { value: { client, deaf } })
  page.tccc = tccc
  listen(client, deaf.signal)
  client.start()
}

/** Tells the client what happens to its page. */
function listen(client: Client, signal: AbortSignal): void {
  addEventListener('online', () => client.wake(), { signal })
  addEventListener('pagehide', () => client.leave(), { signal })
  addEventListener('pageshow', (e) => e.persisted && client.comeBack(), { signal })
  addEventListener('focus', () => client.seen(), { signal })
  document.addEventListener('visibilitychange', () => client.seen(), { signal })
  const { mediaDevices } = navigator as { mediaDevices?: MediaDevices } // absent on insecure pages
  mediaDevices?.addEventListener('devicechange', () => client.devicesChanged(), { signal })
}

const tag = ownTag()
if (tag) start(tag)
else console.error('tccc: the agent SDK must be loaded by a script tag with its SdkURL')
