// Asking the server, and saying what came of it.
import { DialogPlugin, MessagePlugin } from 'tdesign-vue-next'
import { onScopeDispose, ref, shallowRef, type Ref } from 'vue'

import { ApiError } from '../api/client'
import { i18n } from '../words'

const t = (key: string, named: Record<string, unknown> = {}) => i18n.global.t(key, named)

/** told is an error in words for people. */
export function told(e: unknown): string {
  if (e instanceof ApiError) return e.code === 'Unreachable' ? t('frame.state.unreachable') : e.message
  return String(e)
}

export interface Loaded<T> {
  value: Ref<T | null>
  loading: Ref<boolean>
  error: Ref<string>
  /** again asks once more; what was there stays until the answer is. */
  again: () => Promise<void>
}

/** load asks at once, and whenever again is called; an answer that a later question overtook is dropped. */
export function load<T>(ask: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const value = shallowRef<T | null>(null)
  const loading = ref(false)
  const error = ref('')
  let running = new AbortController()
  onScopeDispose(() => running.abort())
  async function again() {
    running.abort()
    const mine = (running = new AbortController())
    loading.value = true
    try {
      const got = await ask(mine.signal)
      if (mine.signal.aborted) return
      value.value = got
      error.value = ''
    } catch (e) {
      if (mine.signal.aborted) return
      error.value = told(e)
    }
    loading.value = false
  }
  void again()
  return { value, loading, error, again }
}

/** attempt does something and says how it went; true when it did. */
export async function attempt(what: () => Promise<unknown>, well?: string): Promise<boolean> {
  try {
    await what()
  } catch (e) {
    void MessagePlugin.error({ content: told(e), duration: 6000, closeBtn: true })
    return false
  }
  if (well) void MessagePlugin.success(well)
  return true
}

/** sure asks before something that cannot be undone. */
export function sure(header: string, body: string, verb: string): Promise<boolean> {
  return new Promise((resolve) => {
    const d = DialogPlugin.confirm({
      header, body, theme: 'danger', confirmBtn: { content: verb, theme: 'danger' }, cancelBtn: t('frame.do.cancel'),
      onConfirm: () => { d.destroy(); resolve(true) },
      onClose: () => { d.destroy(); resolve(false) },
    })
  })
}

/** when is a Unix time in seconds in the reader's words; empty for never. */
export function when(seconds: number | undefined): string {
  if (!seconds) return ''
  return new Intl.DateTimeFormat(i18n.global.locale.value === 'zh' ? 'zh-CN' : 'en-GB', { dateStyle: 'medium', timeStyle: 'medium' }).format(seconds * 1000)
}

/** span is a duration in seconds as 1:02:03. */
export function span(seconds: number | undefined): string {
  const s = Math.max(0, Math.round(seconds ?? 0))
  const two = (n: number) => String(n).padStart(2, '0')
  return s >= 3600 ? `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}` : `${Math.floor(s / 60)}:${two(s % 60)}`
}

/** shown is a number of the form 008613800138000 as people write it. */
export function shown(number: string | undefined): string {
  return (number ?? '').replace(/^00/, '+')
}
