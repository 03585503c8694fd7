/** Plays a remote stream. An element of its own per stream; pages never see it. */
export function play(stream: MediaStream): { stop(): void } {
  const element = new Audio()
  element.autoplay = true
  element.srcObject = stream
  const start = () => void element.play().catch(() => undefined)
  start()
  // A page that was loaded without a click may have to wait for one (autoplay policy); while the microphone is open it need not.
  const gestures = ['pointerdown', 'keydown'] as const
  const retry = () => {
    if (element.paused) start()
  }
  for (const g of gestures) addEventListener(g, retry, true)
  return {
    stop() {
      for (const g of gestures) removeEventListener(g, retry, true)
      element.pause()
      element.srcObject = null
    },
  }
}

/** Ringtone rings with two soft tones, made here: nothing is loaded, so nothing can be missing. */
export class Ringtone {
  private context: AudioContext | undefined
  private timer: ReturnType<typeof setInterval> | undefined
  private enabled = true

  start(): void {
    if (this.timer !== undefined || !this.enabled) return
    this.ring()
    this.timer = setInterval(() => this.ring(), 3_000)
  }

  stop(): void {
    clearInterval(this.timer)
    this.timer = undefined
    void this.context?.close().catch(() => undefined)
    this.context = undefined
  }

  enable(on: boolean): void {
    this.enabled = on
    if (!on) this.stop()
  }

  private ring(): void {
    try {
      this.context ??= new AudioContext()
      const { context } = this
      void context.resume().catch(() => undefined) // not allowed before the agent has touched the page: the bar is seen anyway
      for (const at of [0, 0.45]) {
        note(context, 587.33, at)
        note(context, 739.99, at + 0.16)
      }
    } catch {
      this.context = undefined // no audio device
    }
  }
}

function note(context: AudioContext, frequency: number, after: number): void {
  const at = context.currentTime + after
  const tone = context.createOscillator()
  const volume = context.createGain()
  tone.frequency.value = frequency
  tone.type = 'triangle'
  volume.gain.setValueAtTime(0.0001, at)
  volume.gain.exponentialRampToValueAtTime(0.22, at + 0.02)
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.32)
  tone.connect(volume).connect(context.destination)
  tone.start(at)
  tone.stop(at + 0.35)
}
