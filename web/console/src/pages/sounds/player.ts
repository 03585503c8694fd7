// One sound at a time, heard in the page.
import { MessagePlugin } from 'tdesign-vue-next'
import { onScopeDispose, ref, type Ref } from 'vue'

export interface Player {
  /** playing is the address that is heard; empty is silence. */
  playing: Ref<string>
  toggle: (url: string) => void
  stop: () => void
}

/** player plays; failed is said when a sound cannot be played. */
export function player(failed: () => string): Player {
  const playing = ref('')
  let audio: HTMLAudioElement | undefined
  function stop() {
    audio?.pause()
    audio = undefined
    playing.value = ''
  }
  function toggle(url: string) {
    const again = playing.value === url
    stop()
    if (again) return
    const mine = (audio = new Audio(url))
    playing.value = url
    const over = () => { if (audio === mine) stop() }
    mine.addEventListener('ended', over)
    mine.play().catch((e: unknown) => {
      if (audio !== mine || (e instanceof DOMException && e.name === 'AbortError')) return
      over()
      void MessagePlugin.error(failed())
    })
  }
  onScopeDispose(stop)
  return { playing, toggle, stop }
}
