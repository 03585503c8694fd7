import { codes, TcccError } from './errors'

const constraints: MediaStreamConstraints = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
}

/** The part of navigator that is used. */
export interface Browser {
  mediaDevices: Pick<MediaDevices, 'getUserMedia' | 'enumerateDevices'> | undefined
  permissions: { query(d: { name: 'microphone' }): Promise<{ state: string }> } | undefined
}

/**
 * Microphone opens the microphone once for all who need it, and closes it when nobody does, so that the browser's
 * recording sign is never on without a call.
 */
export class Microphone {
  private stream: Promise<MediaStream> | undefined
  private users = 0

  constructor(private readonly browser: () => Browser) {}

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
    this.stream ??= this.capture()
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
    stream?.then(stop, () => undefined)
  }

  private async capture(): Promise<MediaStream> {
    const { mediaDevices } = this.browser()
    if (!mediaDevices) {
      throw new TcccError(codes.insecure, 'the page needs HTTPS (or localhost) to use the microphone')
    }
    try {
      return await mediaDevices.getUserMedia(constraints)
    } catch (e) {
      throw refusal(e)
    }
  }
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
