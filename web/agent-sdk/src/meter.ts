import type { Microphone } from './microphone'

/** Opens the microphone and tells its level, from 0 to 1, until closed. */
export async function meter(microphone: Microphone): Promise<{ level(): number; close(): void }> {
  const stream = await microphone.open()
  const context = new AudioContext()
  const ear = new AnalyserNode(context, { fftSize: 1024 })
  context.createMediaStreamSource(stream).connect(ear)
  const samples = new Float32Array(ear.fftSize)
  return {
    level() {
      ear.getFloatTimeDomainData(samples)
      const power = samples.reduce((sum, x) => sum + x * x, 0) / samples.length
      return Math.min(1, Math.sqrt(power) * 4) // speech at arm's length fills most of the scale
    },
    close() {
      void context.close().catch(() => undefined)
      microphone.close()
    },
  }
}
