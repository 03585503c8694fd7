import { settle, success } from './errors'
import type { Microphone } from './microphone'
import type { Prefs } from './prefs'
import type { Speaker } from './speaker'
import type { DevicesApi } from './types'

/** The oldest browsers that are supported, as the manual names them. */
const oldest = { Chrome: 56, Edg: 80 } as const

/** Whether this is a Chrome or an Edge that is new enough, or another browser that can do what they can. */
export function isBrowserSupported(userAgent: string, canTalk: boolean): boolean {
  const edge = version(userAgent, 'Edg')
  if (edge !== undefined) return canTalk && edge >= oldest.Edg
  const chrome = version(userAgent, 'Chrome')
  if (chrome !== undefined) return canTalk && chrome >= oldest.Chrome
  return canTalk
}

function version(userAgent: string, name: string): number | undefined {
  const found = new RegExp(`\\b${name}/(\\d+)`).exec(userAgent)?.[1]
  return found === undefined ? undefined : Number(found)
}

/** What is needed beyond the version: other browsers have it or not, and builds may leave it out. */
function canTalk(): boolean {
  const rtc = typeof RTCPeerConnection === 'function' && 'getTransceivers' in RTCPeerConnection.prototype
  return rtc && typeof WebSocket === 'function' && typeof queueMicrotask === 'function'
}

/** The devices there are, of a kind. */
export async function listDevices(kind: MediaDeviceKind): Promise<MediaDeviceInfo[]> {
  const { mediaDevices } = navigator as { mediaDevices?: MediaDevices } // absent on insecure pages
  return ((await mediaDevices?.enumerateDevices()) ?? []).filter((d) => d.kind === kind)
}

/** What the devices' public face works with. */
export interface Gear {
  microphone: Microphone
  speaker: Speaker
  prefs: Prefs
  checkLink: () => Promise<{ url: string }>
}

/** The public face of microphones and speakers. */
export function devicesApi({ microphone, speaker, prefs, checkLink }: Gear): DevicesApi {
  return {
    isBrowserSupported: () => isBrowserSupported(navigator.userAgent, canTalk()),
    isEnvSupported: async () => {
      const supported = isSecureContext && isBrowserSupported(navigator.userAgent, canTalk())
      return supported && (await listDevices('audioinput')).length > 0
    },
    getMicrophones: () => listDevices('audioinput'),
    getSpeakers: () => listDevices('audiooutput'),
    getMicrophone: () => microphone.chosen,
    getSpeaker: () => speaker.chosen,
    setMicrophone: (deviceId) =>
      settle(
        microphone.choose(String(deviceId)).then(() => {
          prefs.set({ microphone: microphone.chosen })
          return success({})
        }),
      ),
    setSpeaker: (deviceId) =>
      settle(
        speaker.choose(String(deviceId)).then(() => {
          prefs.set({ speaker: speaker.chosen })
          return success({})
        }),
      ),
    getCheckLink: () => settle(checkLink().then(success)),
  }
}
