import { useEffect, useRef } from 'preact/hooks'
import type { JSX } from 'preact'

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#']
const letters = ['', 'ABC', 'DEF', 'GHI', 'JKL', 'MNO', 'PQRS', 'TUV', 'WXYZ', '', '+', '']

/** Keypad is a telephone's twelve keys, for the mouse and for the keyboard. */
export function Keypad({ label, onKey, autofocus }: { label: string; onKey: (key: string) => void; autofocus?: boolean }): JSX.Element {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (autofocus) box.current?.focus({ preventScroll: true })
  }, [])
  const typed = (e: KeyboardEvent) => {
    if (!keys.includes(e.key) || e.ctrlKey || e.metaKey || e.altKey) return
    e.preventDefault()
    onKey(e.key)
  }
  return (
    <div class="keypad" role="group" aria-label={label} tabIndex={-1} ref={box} onKeyDown={typed}>
      {keys.map((key, i) => (
        <button type="button" key={key} onClick={() => onKey(key)} aria-label={key} data-letters={letters[i]}>
          {key}
        </button>
      ))}
    </div>
  )
}
