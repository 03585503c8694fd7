/** A microphone that is open: how loud it is, and a recording of it. */
export interface Listening {
  label: string
  level(): number
  record(ms: number): Promise<Blob>
  close(): void
}

/** Opens a microphone; an empty id is the system's choice. */
export async function listen(deviceId: string): Promise<Listening> {
  const { mediaDevices } = navigator as { mediaDevices?: MediaDevices } // absent on insecure pages
  if (!mediaDevices) throw new DOMException('the page is not secure', 'NotAllowedError')
  const stream = await mediaDevices.getUserMedia({ audio: { deviceId: deviceId ? { exact: deviceId } : undefined, echoCancellation: true, noiseSuppression: true, autoGainControl: true } })
  const context = new AudioContext()
  await context.resume().catch(() => undefined)
  const ear = new AnalyserNode(context, { fftSize: 1024 })
  context.createMediaStreamSource(stream).connect(ear)
  const samples = new Float32Array(ear.fftSize)
  return {
    label: stream.getAudioTracks()[0]?.label ?? '',
    level() {
      ear.getFloatTimeDomainData(samples)
      const power = samples.reduce((sum, x) => sum + x * x, 0) / samples.length
      return Math.min(1, Math.sqrt(power) * 4)
    },
    record: (ms) => record(stream, ms),
    close() {
      for (const track of stream.getTracks()) track.stop()
      void context.close().catch(() => undefined)
    },
  }
}

function record(stream: MediaStream, ms: number): Promise<Blob> {
  return new Promise((resolve, reject) => {
    const recorder = new MediaRecorder(stream)
    const parts: Blob[] = []
    recorder.ondataavailable = (e) => parts.push(e.data)
    recorder.onstop = () => resolve(new Blob(parts, { type: recorder.mimeType }))
    recorder.onerror = () => reject(new Error('nothing could be recorded'))
    recorder.start()
    setTimeout(() => recorder.stop(), ms)
  })
}

/** Plays a recording on a speaker; resolves when it has been heard. */
export function playBack(recording: Blob, speakerId: string): Promise<void> {
  const element = new Audio(URL.createObjectURL(recording)) as Omit<HTMLAudioElement, 'setSinkId'> & { setSinkId?: (id: string) => Promise<void> } // not in all browsers
  return new Promise((resolve) => {
    const over = () => {
      URL.revokeObjectURL(element.src)
      resolve()
    }
    element.onended = element.onerror = over
    const routed = (speakerId && element.setSinkId?.(speakerId)) || Promise.resolve()
    void routed
      .catch(() => undefined) // that speaker is gone: the system's will do
      .then(() => element.play())
      .catch(over)
  })
}

/** Devices of a kind; before the microphone was allowed they have no names. */
export async function devices(kind: MediaDeviceKind): Promise<MediaDeviceInfo[]> {
  const { mediaDevices } = navigator as { mediaDevices?: MediaDevices } // absent on insecure pages
  const all = (await mediaDevices?.enumerateDevices().catch(() => [])) ?? []
  return all.filter((d) => d.kind === kind && d.deviceId !== '' && d.deviceId !== 'default' && d.deviceId !== 'communications')
}
