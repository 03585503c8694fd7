// Prompts as they are heard in the page: sounds by their address, texts by the browser's voice.
import { onScopeDispose, ref } from 'vue'

import type { Sound } from '../../api/types'
import type { Prompt } from './definition'

/** langOf is the language of a text: as it is told, else by its letters. */
export const langOf = (p: Prompt): string => ((p.lang ?? (/[㐀-鿿]/.test(p.text ?? '') ? 'zh' : 'en')) === 'zh' ? 'zh-CN' : 'en-US')

/** canHear tells whether the page can make a prompt heard: the built-in sounds are the server's. */
export const canHear = (p: Prompt, sounds: Sound[]): boolean => (p.text ? 'speechSynthesis' in window : sounds.some((s) => s.Key === p.audio))

/** speaker says prompts one after the other. */
export function speaker(sounds: () => Sound[]) {
  const busy = ref(false)
  let round = 0
  let audio: HTMLAudioElement | undefined

  function stop() {
    round++
    busy.value = false
    audio?.pause()
    audio = undefined
    if ('speechSynthesis' in window) speechSynthesis.cancel()
  }
  const spoken = (p: Prompt) => new Promise<void>((over) => {
    const said = new SpeechSynthesisUtterance(p.text ?? '')
    said.lang = langOf(p)
    said.onend = said.onerror = () => over()
    speechSynthesis.speak(said)
  })
  const played = (url: string) => new Promise<void>((over) => {
    audio = new Audio(url)
    audio.onended = audio.onerror = audio.onpause = () => over()
    audio.play().catch(() => over())
  })
  async function say(prompts: Prompt[]) {
    stop()
    const mine = round
    busy.value = true
    for (const p of prompts) {
      if (mine !== round) return
      const sound = sounds().find((s) => s.Key === p.audio)
      if (sound) await played(sound.URL)
      else if (p.text && 'speechSynthesis' in window) await spoken(p)
    }
    if (mine === round) busy.value = false
  }
  onScopeDispose(stop)
  return { busy, say, stop }
}
