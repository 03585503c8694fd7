import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { MutableRef } from 'preact/hooks'
import { asError } from '../errors'
import type { TcccError } from '../errors'

/** What was asked for: there, on its way, or not to be had. */
export interface Asked<T> {
  data: T | undefined
  error: TcccError | undefined
  loading: boolean
  again: () => void
}

/** Asks when the view is opened and when a key changes. Answers of older questions are dropped; the last good one stays. */
export function useAsk<T>(ask: () => Promise<T>, keys: unknown[]): Asked<T> {
  const [state, set] = useState<Omit<Asked<T>, 'again'>>({ data: undefined, error: undefined, loading: true })
  const turn = useRef(0)
  const again = useCallback(() => {
    const mine = ++turn.current
    set((s) => ({ ...s, loading: true }))
    ask().then(
      (data) => {
        if (turn.current === mine) set({ data, error: undefined, loading: false })
      },
      (e: unknown) => {
        if (turn.current === mine) set((s) => ({ ...s, error: asError(e), loading: false }))
      },
    )
  }, keys)
  useEffect(() => {
    again()
    return () => {
      turn.current++
    }
  }, [again])
  return { ...state, again }
}

/** Does something every so often while the view is open. */
export function useEvery(ms: number, f: () => void): void {
  const latest = useRef(f)
  latest.current = f
  useEffect(() => {
    const timer = setInterval(() => latest.current(), ms)
    return () => clearInterval(timer)
  }, [ms])
}

/** A menu under a button: closed by a click elsewhere and by Esc, with the focus where it belongs. */
export function useMenu(): { open: boolean; set: (open: boolean) => void; box: MutableRef<HTMLDivElement | null>; keys: (e: KeyboardEvent) => void } {
  const [open, set] = useState(false)
  const box = useRef<HTMLDivElement | null>(null)
  useEffect(() => {
    if (!open) return
    items(box.current).find((i) => i.getAttribute('aria-checked') === 'true' || i.getAttribute('aria-checked') === null)?.focus()
    const away = (e: Event) => {
      if (box.current && !e.composedPath().includes(box.current)) set(false)
    }
    addEventListener('pointerdown', away, true)
    return () => removeEventListener('pointerdown', away, true)
  }, [open])
  const keys = (e: KeyboardEvent) => {
    if (!open) return
    if (e.key === 'Escape') {
      e.stopPropagation()
      set(false)
      box.current?.querySelector<HTMLElement>('[aria-haspopup]')?.focus()
    }
    if (e.key === 'Tab') set(false)
    const step = e.key === 'ArrowDown' ? 1 : e.key === 'ArrowUp' ? -1 : 0
    if (step === 0) return
    e.preventDefault()
    const all = items(box.current)
    const at = all.indexOf((box.current?.getRootNode() as Document | ShadowRoot).activeElement as HTMLElement)
    all[(at + step + all.length) % all.length]?.focus()
  }
  return { open, set, box, keys }
}

function items(box: HTMLElement | null): HTMLElement[] {
  return [...(box?.querySelectorAll<HTMLElement>('[role^=menuitem]:not(:disabled)') ?? [])]
}

/** What a pointer that drags tells: how far it went since it began. */
export interface Drag {
  start: () => void
  move: (dx: number, dy: number) => void
  end: (moved: boolean) => void
}

/** Lets an element be dragged by mouse, pen and finger. A press that hardly moves is a click. */
export function dragging(drag: Drag): (e: PointerEvent) => void {
  return (e) => {
    if (e.button !== 0) return
    const { clientX, clientY, pointerId } = e
    const element = e.currentTarget as HTMLElement
    let moved = false
    const move = (m: PointerEvent) => {
      const dx = m.clientX - clientX
      const dy = m.clientY - clientY
      if (!moved && Math.hypot(dx, dy) < 4) return
      if (!moved) {
        moved = true
        element.setPointerCapture(pointerId)
      }
      drag.move(dx, dy)
    }
    const end = () => {
      for (const [name, listener] of heard) removeEventListener(name, listener, true)
      drag.end(moved)
    }
    const stop = (e: Event) => e.preventDefault() // the browser would drag or mark the page's text
    const heard: [string, EventListener][] = [
      ['pointermove', move as EventListener],
      ['pointerup', end],
      ['pointercancel', end],
      ['dragstart', stop],
      ['selectstart', stop],
    ]
    drag.start()
    for (const [name, listener] of heard) addEventListener(name, listener, true)
  }
}
