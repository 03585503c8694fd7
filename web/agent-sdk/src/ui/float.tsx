import { useRef, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { dragging } from './hooks'
import { Icon } from './icons'
import type { Desk } from './model'
import { within } from './shell'
import type { Spot } from './shell'

const size = { width: 56, height: 56 }

/** The button that opens the workbench. It can be put where it is not in the way, and stays there. */
export function FloatButton({ desk, onClick }: { desk: Desk; onClick: () => void }): JSX.Element {
  const { office, shell, t } = desk
  const [held, setHeld] = useState<Spot>()
  const ringing = office.sessions.running().filter((s) => s.phase === 'ringing').length
  const spot = within(held ?? shell.kept.float, size, { width: innerWidth, height: innerHeight })
  const moved = useRef<Spot>()
  const drag = dragging({
    start: () => (moved.current = undefined),
    move: (dx, dy) => {
      moved.current = within({ right: spot.right - dx, bottom: spot.bottom - dy }, size, { width: innerWidth, height: innerHeight })
      setHeld(moved.current)
    },
    end: () => {
      if (moved.current) shell.keep({ float: moved.current })
      setHeld(undefined)
    },
  })
  const status = t.status.names[office.agent.status]
  const news = ringing > 0 ? t.common.ringing(ringing) : shell.missed > 0 ? t.common.missed(shell.missed) : ''
  const label = [t.workbench, status, news].filter((s) => s).join(', ')
  const click = () => {
    if (!moved.current) onClick()
    moved.current = undefined
  }
  const nudge = (e: KeyboardEvent) => {
    const step = { ArrowLeft: [16, 0], ArrowRight: [-16, 0], ArrowUp: [0, 16], ArrowDown: [0, -16] }[e.key]
    if (!step || !e.shiftKey) return
    e.preventDefault()
    shell.keep({ float: within({ right: spot.right + (step[0] ?? 0), bottom: spot.bottom + (step[1] ?? 0) }, size, { width: innerWidth, height: innerHeight }) })
  }
  return (
    <button
      type="button"
      class={`float ${ringing > 0 ? 'ringing' : ''} ${office.state !== 'connected' ? 'away' : ''}`}
      style={{ right: `${spot.right}px`, bottom: `${spot.bottom}px` }}
      aria-expanded={shell.visible.workbench}
      aria-label={label}
      title={label}
      onPointerDown={drag}
      onKeyDown={nudge}
      onClick={click}
    >
      <Icon name="headset" size={26} />
      <span class={`dot ${office.agent.status}`} />
      {(ringing > 0 || shell.missed > 0) && <b class={`badge ${ringing > 0 ? 'ringing' : ''}`}>{ringing > 0 ? ringing : Math.min(shell.missed, 99)}</b>}
    </button>
  )
}
