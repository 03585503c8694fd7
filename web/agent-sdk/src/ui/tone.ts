/** Plays three soft notes on a speaker, made here. Resolves when they have been heard; false when there is no way to play. */
export async function tone(speakerId = ''): Promise<boolean> {
  let context: AudioContext | undefined
  try {
    context = new AudioContext()
    const made = context as AudioContext & { setSinkId?: (id: string) => Promise<void> }
    if (speakerId) await made.setSinkId?.(speakerId)
    await context.resume()
    const notes = [523.25, 659.25, 783.99]
    notes.forEach((frequency, i) => note(made, frequency, i * 0.28))
    await new Promise((done) => setTimeout(done, notes.length * 280 + 500))
    return true
  } catch {
    return false
  } finally {
    void context?.close().catch(() => undefined)
  }
}

function note(context: AudioContext, frequency: number, after: number): void {
  const at = context.currentTime + after
  const oscillator = context.createOscillator()
  const volume = context.createGain()
  oscillator.type = 'triangle'
  oscillator.frequency.value = frequency
  volume.gain.setValueAtTime(0.0001, at)
  volume.gain.exponentialRampToValueAtTime(0.25, at + 0.03)
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.5)
  oscillator.connect(volume).connect(context.destination)
  oscillator.start(at)
  oscillator.stop(at + 0.55)
}
