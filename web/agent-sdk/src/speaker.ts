import { codes, TcccError } from './errors'
import type { EventMap } from './types'

/** What plays sound: an element, or an audio context. Browsers that cannot choose a speaker have no setSinkId. */
export interface Sink {
  setSinkId?(deviceId: string): Promise<void>
}

/**
 * Speaker is where calls and the ringtone are heard. It keeps to the device that is wanted: while that is unplugged the system's is
 * used, and when it is plugged in again it is taken back.
 */
export class Speaker {
  changed: ((change: EventMap['deviceChanged']) => void) | undefined
  private readonly sinks = new Set<Sink>()
  private absent = false

  constructor(
    private readonly list: () => Promise<MediaDeviceInfo[]>,
    /** The device that is wanted, '' = the system's. */
    private wanted = '',
  ) {}

  get chosen(): string {
    return this.wanted
  }

  /** Lets a sink play on the speaker until the answer is called. */
  add(sink: Sink): () => void {
    this.sinks.add(sink)
    const { current } = this
    if (current) void sink.setSinkId?.(current).catch(() => undefined) // it is gone: the system's will do
    return () => this.sinks.delete(sink)
  }

  /** Wants another device, '' = the system's. */
  async choose(deviceId: string): Promise<void> {
    const devices = await this.list()
    const device = devices.find((d) => d.deviceId === deviceId)
    if (deviceId && !device) throw new TcccError(codes.speakerFailed, 'there is no such speaker')
    await this.apply(deviceId)
    this.wanted = deviceId
    this.absent = false
    this.tell(deviceId, device?.label, 'chosen')
  }

  /** Devices have come or gone. */
  async look(): Promise<void> {
    if (!this.wanted) return
    const device = (await this.list()).find((d) => d.deviceId === this.wanted)
    const absent = device === undefined
    if (absent === this.absent) return
    this.absent = absent
    await this.apply(this.current).catch(() => undefined)
    this.tell(this.current, device?.label, absent ? 'unplugged' : 'replugged')
  }

  private get current(): string {
    return this.absent ? '' : this.wanted
  }

  private async apply(deviceId: string): Promise<void> {
    try {
      await Promise.all([...this.sinks].map((s) => s.setSinkId?.(deviceId) ?? Promise.resolve()))
    } catch {
      throw new TcccError(codes.speakerFailed, 'the speaker cannot be used')
    }
  }

  private tell(deviceId: string, label: string | undefined, reason: EventMap['deviceChanged']['reason']): void {
    this.changed?.({ kind: 'speaker', deviceId, label: label ?? '', reason })
  }
}
