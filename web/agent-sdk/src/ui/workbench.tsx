import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { Away, Bars, Hint } from './bar'
import { DayView } from './day'
import { HelpSheet } from './help'
import { dragging } from './hooks'
import { Icon } from './icons'
import type { IconName } from './icons'
import type { Desk } from './model'
import { Empty, IconButton } from './parts'
import { PeopleView } from './people'
import { PhoneView, shown } from './phone'
import { RecordsView } from './records'
import { SettingsView } from './settings'
import { smallest, within } from './shell'
import type { Size, Spot, View } from './shell'
import { StatusMenu } from './status'
import { WatchView } from './watch'

const icons: Record<View, IconName> = { phone: 'phone', records: 'list', people: 'team', day: 'chart', watch: 'watch', settings: 'settings' }

/** The workbench, while it is open. */
export function Workbench({ desk }: { desk: Desk }): JSX.Element | null {
  return desk.shell.visible.workbench || desk.inline ? <Frame desk={desk} /> : null
}

/** The window of the workbench, or its place in the page. */
function Frame({ desk }: { desk: Desk }): JSX.Element {
  const { shell, inline, t } = desk
  const [held, setHeld] = useState<Spot & Size>()
  const box = useRef<HTMLElement>(null)
  const width = useWidth(box)
  useEffect(() => {
    const { activeElement } = document
    if (!inline && (activeElement === document.body || activeElement?.localName === 'openseat-agent')) box.current?.focus({ preventScroll: true })
  }, [inline])
  const full = shell.maximised || innerWidth < 700
  const frame = fit(held ?? shell.kept.frame)
  const place = inline || full ? undefined : { right: `${frame.right}px`, bottom: `${frame.bottom}px`, width: `${frame.width}px`, height: `${frame.height}px` }
  const shape = `${inline ? 'inline' : full ? 'full' : 'floating'} ${width < 620 ? 'slim' : width < 980 ? 'medium' : 'large'}`
  const grip = (change: (frame: Spot & Size, dx: number, dy: number) => Spot & Size) => {
    let last: (Spot & Size) | undefined
    return dragging({
      start: () => undefined,
      move: (dx, dy) => setHeld((last = fit(change(frame, dx, dy)))),
      end: () => {
        setHeld(undefined)
        if (last) shell.keep({ frame: last })
      },
    })
  }
  const move = grip((f, dx, dy) => ({ ...f, right: f.right - dx, bottom: f.bottom - dy }))
  return (
    <section class={`workbench ${shape}`} style={place} aria-label={t.workbench} tabIndex={-1} ref={box}>
      <Head desk={desk} move={place ? move : undefined} />
      <Body desk={desk} />
      {place && edges.map((edge) => <div key={edge} class={`edge ${edge}`} onPointerDown={grip((f, dx, dy) => pull(f, edge, dx, dy))} />)}
      {shell.help && <HelpSheet desk={desk} />}
    </section>
  )
}

/** Edges and corners that can be pulled, by the points of the compass. */
const edges = ['n', 's', 'e', 'w', 'nw', 'ne', 'sw', 'se']

/** A frame with an edge or a corner pulled so far; the opposite edge stays where it is. */
export function pull(f: Spot & Size, edge: string, dx: number, dy: number): Spot & Size {
  const wide = edge.includes('w') ? -dx : edge.includes('e') ? dx : 0
  const tall = edge.includes('n') ? -dy : edge.includes('s') ? dy : 0
  const width = Math.max(smallest.width, f.width + wide)
  const height = Math.max(smallest.height, f.height + tall)
  const right = edge.includes('e') ? f.right - (width - f.width) : f.right
  const bottom = edge.includes('s') ? f.bottom - (height - f.height) : f.bottom
  return { right, bottom, width, height }
}

/** A frame that is in the window and no smaller than it may be. */
function fit(frame: Spot & Size): Spot & Size {
  const width = Math.min(Math.max(frame.width, smallest.width), innerWidth - 16)
  const height = Math.min(Math.max(frame.height, smallest.height), innerHeight - 16)
  return within({ ...frame, width, height }, { width, height }, { width: innerWidth, height: innerHeight })
}

/** The width the workbench really has, whoever gave it; known before it is first seen. */
function useWidth(box: { current: HTMLElement | null }): number {
  const [width, set] = useState(900)
  useLayoutEffect(() => {
    const { current } = box
    if (!current) return
    const measure = () => set(current.clientWidth)
    measure()
    if (typeof ResizeObserver === 'undefined') return
    const observer = new ResizeObserver(measure)
    observer.observe(current)
    return () => observer.disconnect()
  }, [])
  return width
}

function Head({ desk, move }: { desk: Desk; move?: (e: PointerEvent) => void }): JSX.Element {
  const { office, shell, inline, t } = desk
  const grab = (e: PointerEvent) => {
    if (!(e.target as Element).closest('button, .menu')) move?.(e)
  }
  const double = () => !inline && innerWidth >= 700 && shell.set({ maximised: !shell.maximised })
  return (
    <header class={move ? 'movable' : ''} onPointerDown={grab} onDblClick={(e) => !(e.target as Element).closest('button, .menu') && double()}>
      {office.state !== 'disconnected' && office.user && <StatusMenu desk={desk} />}
      <div class="me">
        <strong>{office.user?.name ?? office.options.userId}</strong>
        {office.user?.staffNumber && <span>{office.user.staffNumber}</span>}
      </div>
      <IconButton icon="help" label={t.shortcuts.title} onClick={() => shell.set({ help: true })} kind="wideOnly" />
      {!inline && (
        <>
          <IconButton icon={shell.maximised ? 'shrink' : 'enlarge'} label={shell.maximised ? t.common.shrink : t.common.enlarge} onClick={() => shell.set({ maximised: !shell.maximised })} kind="wideOnly" />
          <IconButton icon="close" label={t.common.close} onClick={() => shell.show({ workbench: false })} />
        </>
      )}
    </header>
  )
}

function Body({ desk }: { desk: Desk }): JSX.Element {
  const { office, shell, t } = desk
  if (office.kickedOut) return <Stopped desk={desk} title={t.net.kickedOut} text={t.net.kickedOutText} />
  if (office.state === 'disconnected') return <Stopped desk={desk} title={t.net.expired} text={t.net.expiredText} />
  if (!office.user) return <Empty icon="headset" text={t.net.signingIn} />
  const running = office.sessions.running()
  const view = allowed(desk, shell.view)
  const main = view === 'phone' ? shown(desk) : undefined
  const strip = running.filter((c) => c !== main && (view !== 'phone' || c.phase === 'ringing') && !(view === 'watch' && c.monitor))
  return (
    <div class="body">
      <Rail desk={desk} view={view} />
      <div class="content">
        <Away desk={desk} />
        <Hint desk={desk} />
        {shell.visible.bar && strip.length > 0 && <Bars desk={{ ...desk, inline: true }} calls={strip} />}
        <div class="page" key={view} aria-label={title(desk, view)} role="region">
          <Page desk={desk} view={view} />
        </div>
      </div>
    </div>
  )
}

function Page({ desk, view }: { desk: Desk; view: View }): JSX.Element {
  if (view === 'records') return <RecordsView desk={desk} />
  if (view === 'people') return <PeopleView desk={desk} />
  if (view === 'day') return <DayView desk={desk} />
  if (view === 'watch') return <WatchView desk={desk} />
  if (view === 'settings') return <SettingsView desk={desk} />
  return <PhoneView desk={desk} />
}

/** Whether the agent may supervise: administrators and inspectors may. */
export function supervises(desk: Desk): boolean {
  const { user } = desk.office
  return user?.supervises ?? (user?.role === 1 || user?.role === 2)
}

function allowed(desk: Desk, view: View): View {
  return view === 'watch' && !supervises(desk) ? 'phone' : view
}

function title(desk: Desk, view: View): string {
  const { t } = desk
  return { phone: t.dial.title, records: t.records.title, people: t.people.title, day: t.day.title, watch: t.watch.title, settings: t.settings.title }[view]
}

/** The pages. Kinds of work that come later (chat, video) get their place here when they are there. */
function Rail({ desk, view }: { desk: Desk; view: View }): JSX.Element {
  const { shell, t } = desk
  const views: View[] = ['phone', 'records', 'people', 'day', ...(supervises(desk) ? (['watch'] as const) : []), 'settings']
  return (
    <nav class="rail" aria-label={t.workbench}>
      {views.map((v) => (
        <button type="button" key={v} data-view={v} aria-current={v === view ? 'page' : undefined} onClick={() => shell.set({ view: v })}>
          <Icon name={icons[v]} size={20} />
          <span>{title(desk, v)}</span>
          {v === 'records' && shell.missed > 0 && (
            <b class="badge" aria-label={t.common.missed(shell.missed)}>
              {Math.min(shell.missed, 99)}
            </b>
          )}
        </button>
      ))}
    </nav>
  )
}

function Stopped({ desk, title, text }: { desk: Desk; title: string; text: string }): JSX.Element {
  return (
    <div class="stopped" role="alert">
      <Icon name="window" size={36} />
      <h2>{title}</h2>
      <p>{text}</p>
      <button type="button" class="button primary" onClick={() => location.reload()}>
        <Icon name="refresh" size={16} />
        {desk.t.net.reload}
      </button>
    </div>
  )
}
