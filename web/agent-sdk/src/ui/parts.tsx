import type { ComponentChildren, JSX } from 'preact'
import type { AgentStatus } from '../types'
import { initials } from './format'
import { Icon } from './icons'
import type { IconName } from './icons'
import type { Strings } from './strings/strings'

// Small parts that many views are made of.

interface IconButtonProps {
  icon: IconName
  label: string
  onClick: (e: MouseEvent) => void
  size?: number
  disabled?: boolean
  pressed?: boolean
  kind?: string
  expanded?: boolean
}

/** A button that is only a drawing; its label is told to screen readers and on hover. */
export function IconButton({ icon, label, onClick, size = 18, disabled, pressed, kind = '', expanded }: IconButtonProps): JSX.Element {
  return (
    <button type="button" class={`icon ${kind}`} aria-label={label} title={label} aria-pressed={pressed} aria-expanded={expanded} disabled={disabled} onClick={onClick}>
      <Icon name={icon} size={size} />
    </button>
  )
}

/** A person's or a group's sign. */
export function Avatar({ name, icon, status }: { name: string; icon?: IconName; status?: AgentStatus }): JSX.Element {
  return (
    <span class="avatar" aria-hidden="true">
      {icon ? <Icon name={icon} size={18} /> : initials(name)}
      {status && <span class={`dot ${status}`} />}
    </span>
  )
}

/** A choice of a few, side by side. */
export function Segments<T extends string | number>({ label, options, value, onChange }: { label: string; options: { value: T; text: string; disabled?: boolean }[]; value: T; onChange: (value: T) => void }): JSX.Element {
  const move = (e: KeyboardEvent) => {
    const step = e.key === 'ArrowRight' || e.key === 'ArrowDown' ? 1 : e.key === 'ArrowLeft' || e.key === 'ArrowUp' ? -1 : 0
    if (step === 0) return
    e.preventDefault()
    const open = options.filter((o) => !o.disabled)
    const at = open.findIndex((o) => o.value === value)
    const next = open[(at + step + open.length) % open.length]
    if (!next) return
    onChange(next.value)
    const { currentTarget } = e
    queueMicrotask(() => (currentTarget as HTMLElement).querySelector<HTMLElement>('[aria-checked=true]')?.focus())
  }
  return (
    <div class="segments" role="radiogroup" aria-label={label} onKeyDown={move}>
      {options.map((o) => (
        <button type="button" key={o.value} role="radio" aria-checked={o.value === value} tabIndex={o.value === value ? 0 : -1} disabled={o.disabled} onClick={() => onChange(o.value)}>
          {o.text}
        </button>
      ))}
    </div>
  )
}

/** A setting that is on or off. */
export function Switch({ label, on, onChange, note }: { label: string; on: boolean; onChange: (on: boolean) => void; note?: string }): JSX.Element {
  return (
    <label class="switch">
      <span>
        {label}
        {note && <small>{note}</small>}
      </span>
      <input type="checkbox" role="switch" checked={on} onChange={(e) => onChange(e.currentTarget.checked)} />
      <i aria-hidden="true" />
    </label>
  )
}

/** A field to search with. */
export function Search({ label, value, onInput, onKeyDown, controls, active, autofocus }: { label: string; value: string; onInput: (text: string) => void; onKeyDown?: (e: KeyboardEvent) => void; controls?: string; active?: string; autofocus?: boolean }): JSX.Element {
  return (
    <div class="search">
      <Icon name="search" size={16} />
      <input
        type="search"
        value={value}
        placeholder={label}
        aria-label={label}
        autocomplete="off"
        spellcheck={false}
        maxLength={60}
        role={controls ? 'combobox' : undefined}
        aria-expanded={controls ? true : undefined}
        aria-controls={controls}
        aria-activedescendant={active}
        ref={(input) => {
          if (autofocus && input && !input.dataset['seen']) {
            input.dataset['seen'] = '1'
            input.focus({ preventScroll: true })
          }
        }}
        onInput={(e) => onInput(e.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
    </div>
  )
}

/** What is shown where there is nothing to show. */
export function Empty({ icon, text, children }: { icon: IconName; text: string; children?: ComponentChildren }): JSX.Element {
  return (
    <div class="empty">
      <span>
        <Icon name={icon} size={26} />
      </span>
      <p>{text}</p>
      {children}
    </div>
  )
}

/** Grey lines where a list is about to be. */
export function Waiting({ t, lines = 4 }: { t: Strings; lines?: number }): JSX.Element {
  return (
    <div class="waiting" role="status" aria-label={t.common.loading}>
      {Array.from({ length: lines }, (_, i) => (
        <i key={i} />
      ))}
    </div>
  )
}

/** Says that something could not be had, and lets it be tried again. */
export function Failed({ t, text, again }: { t: Strings; text: string; again: () => void }): JSX.Element {
  return (
    <Empty icon="warning" text={text || t.common.failed}>
      <button type="button" class="button" onClick={again}>
        <Icon name="refresh" size={16} />
        {t.common.retry}
      </button>
    </Empty>
  )
}

/** A line across that says what matters now. */
export function Banner({ kind, icon, children, action }: { kind: 'info' | 'warn' | 'bad'; icon: IconName; children: ComponentChildren; action?: ComponentChildren }): JSX.Element {
  return (
    <div class={`banner ${kind}`} role={kind === 'info' ? 'status' : 'alert'}>
      <Icon name={icon} size={18} />
      <span>{children}</span>
      {action}
    </div>
  )
}
