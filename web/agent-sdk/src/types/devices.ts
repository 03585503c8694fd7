import type { Success } from './results'

/** What a device is for. */
export type DeviceKind = 'microphone' | 'speaker'

/** The devices, as `tccc.Devices`. What the agent chooses is kept in this browser. */
export interface DevicesApi {
  /** Whether this is Chrome 56, Edge 80 or newer, or another browser that can do what they can. */
  isBrowserSupported(): boolean
  /** Whether calls can be made here: a supported browser, a secure page, a microphone. */
  isEnvSupported(): Promise<boolean>
  /** The microphones. Names are empty until the agent has allowed one. */
  getMicrophones(): Promise<MediaDeviceInfo[]>
  /** The speakers, where the browser lists them. */
  getSpeakers(): Promise<MediaDeviceInfo[]>
  /** An extra of this SDK: the deviceId of the chosen microphone, `''` = the system's. */
  getMicrophone(): string
  /** An extra of this SDK: the deviceId of the chosen speaker, `''` = the system's. */
  getSpeaker(): string
  /** An extra of this SDK: chooses the microphone, in a running call too, without a gap. Codes: those of the microphone. */
  setMicrophone(deviceId: string): Promise<Success>
  /** An extra of this SDK: chooses the speaker, of running calls and the ringtone. Code: `SpeakerFailed`. */
  setSpeaker(deviceId: string): Promise<Success>
  /** An extra of this SDK: a page that measures microphone, speaker and the way to the server, good for ten minutes. */
  getCheckLink(): Promise<Success<{ url: string }>>
}
