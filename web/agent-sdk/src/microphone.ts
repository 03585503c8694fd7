import { asError, codes, TcccError } from './errors'
import type { EventMap } from './types'

/** The part of navigator that is used. */
export interface Browser {
  mediaDevices: Pick<MediaDevices, 'getUserMedia' | 'enumerateDevices'> | undefined
  permissions: { query(d: { name: 'microphone' }): Promise<{ state: string }> } | undefined
}

export interface MicrophoneListener {
  /** Another stream takes the place of the one that was open; undefined = there is none for now. */
  swapped(stream: MediaStream | undefined): void
  changed(change: EventMap['deviceChanged']): void
  failed(error: TcccError): void
}

type Reason = EventMap['deviceChanged']['reason']

/**
 * Microphone opens the microphone once for all who need it, and closes it when nobody does, so that the browser's recording sign is
 * never on without a call. It keeps to the device that is wanted: when that is unplugged it takes another, and goes back to it
 * when it is plugged in again.
 */
export class Microphone {
  listener: MicrophoneListener | undefined
  private stream: Promise<MediaStream> | undefined
  private track: MediaStreamTrack | undefined
  private users = 0
  private lost = '' // the device that was unplugged, to go back to
  private swapping: Promise<void> = Promise.resolve()

  constructor(
    private readonly browser: () => Browser,
    /** The device that is wanted, '' = the system's. */
    private wanted = '',
  ) {}

  get chosen(): string {
    return this.wanted
  }

  /** Whether opening needs no question to the agent. */
  async isAllowed(): Promise<boolean> {
    try {
      const answer = await this.browser().permissions?.query({ name: 'microphone' })
      return answer?.state === 'granted'
    } catch {
      return false // the browser does not know this permission
    }
  }

  async open(): Promise<MediaStream> {
    this.users++
    this.stream ??= this.first()
    try {
      return await this.stream
    } catch (e) {
      this.close()
      throw e
    }
  }

  close(): void {
    this.users = Math.max(0, this.users - 1)
    if (this.users > 0) return
    const { stream } = this
    this.stream = undefined
    this.watch(undefined)
    stream?.then(stop, () => undefined)
  }

  /** Wants another device, '' = the system's. Whoever has the microphone open gets it without a gap. */
  async choose(deviceId: string): Promise<void> {
    if (this.users > 0) await this.swap(deviceId, 'chosen')
    this.wanted = deviceId
    this.lost = ''
  }

  /** Devices have come or gone. */
  async look(): Promise<void> {
    if (this.users === 0 || !this.stream) return
    const devices = ((await this.browser().mediaDevices?.enumerateDevices()) ?? []).filter((d) => d.kind === 'audioinput')
    const move = this.move(devices)
    if (move) await this.swap(move.deviceId, move.reason).catch((e: unknown) => this.fail(asError(e)))
  }

  /** Where to go, now that these are the devices. */
  private move(devices: MediaDeviceInfo[]): { deviceId: string; reason: Reason } | undefined {
    const has = (id: string) => devices.some((d) => d.deviceId === id)
    const home = this.wanted || this.lost
    const now = idOf(this.track)
    if (home && home !== now && has(home)) return { deviceId: home, reason: 'replugged' }
    if (!this.track || this.track.readyState === 'ended') return devices.length > 0 ? { deviceId: '', reason: 'replugged' } : undefined
    if (now && devices.some((d) => d.deviceId) && !has(now)) {
      this.lost = this.wanted || now
      return { deviceId: '', reason: 'unplugged' }
    }
    return this.wanted === '' && this.systemChanged(devices) ? { deviceId: '', reason: 'system' } : undefined
  }

  /** Chromium names the system's choice "default"; which device that is, its group tells. */
  private systemChanged(devices: MediaDeviceInfo[]): boolean {
    const system = devices.find((d) => d.deviceId === 'default')
    const group = this.track?.getSettings().groupId
    return Boolean(system?.groupId && group && system.groupId !== group)
  }

  /** Swaps one after the other: the last wish is the one that lasts. */
  private swap(deviceId: string, reason: Reason): Promise<void> {
    const swapped = this.swapping.then(() => this.swapNow(deviceId, reason))
    this.swapping = swapped.catch(() => undefined)
    return swapped
  }

  private async swapNow(deviceId: string, reason: Reason): Promise<void> {
    const stream = await this.capture(deviceId)
    if (this.users === 0) {
      stop(stream)
      return
    }
    const before = this.stream
    this.stream = Promise.resolve(stream)
    this.watch(stream)
    this.listener?.swapped(stream)
    before?.then(stop, () => undefined)
    this.listener?.changed({ kind: 'microphone', deviceId: idOf(this.track), label: this.track?.label ?? '', reason })
  }

  /** Opens what is wanted, or if it is not there what is. */
  private async first(): Promise<MediaStream> {
    let stream: MediaStream
    try {
      stream = await this.capture(this.wanted)
    } catch (e) {
      if (this.wanted === '' || asError(e).code !== codes.noMicrophone) throw e
      stream = await this.capture('')
    }
    this.watch(stream)
    return stream
  }

  /** A device that is pulled out ends its track. */
  private watch(stream: MediaStream | undefined): void {
    if (this.track) this.track.onended = null
    const track = stream?.getAudioTracks()[0]
    this.track = track
    if (track) track.onended = () => this.gone(track)
  }

  private gone(track: MediaStreamTrack): void {
    if (track !== this.track) return
    this.lost = this.wanted || idOf(track)
    this.swap('', 'unplugged').catch((e: unknown) => {
      this.listener?.swapped(undefined)
      this.listener?.changed({ kind: 'microphone', deviceId: '', label: '', reason: 'unplugged' })
      this.fail(asError(e))
    })
  }

  private fail(error: TcccError): void {
    this.listener?.failed(error)
  }

  private async capture(deviceId: string): Promise<MediaStream> {
    const { mediaDevices } = this.browser()
    if (!mediaDevices) {
      throw new TcccError(codes.insecure, 'the page needs HTTPS (or localhost) to use the microphone')
    }
    const audio: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true }
    if (deviceId) audio.deviceId = { exact: deviceId }
    try {
      return await mediaDevices.getUserMedia({ audio })
    } catch (e) {
      throw refusal(e)
    }
  }
}

function idOf(track: MediaStreamTrack | undefined): string {
  return track?.getSettings().deviceId ?? ''
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}

/** Says in the SDK's codes why there is no microphone (the names are those of the Media Capture and Streams standard). */
function refusal(thrown: unknown): TcccError {
  const name = thrown instanceof Error || thrown instanceof DOMException ? thrown.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') {
    return new TcccError(codes.microphoneDenied, 'the microphone is not allowed for this page')
  }
  if (name === 'NotFoundError' || name === 'OverconstrainedError') {
    return new TcccError(codes.noMicrophone, 'no microphone was found')
  }
  return new TcccError(codes.microphoneFailed, 'the microphone cannot be used; another program may hold it')
}
