import { render } from 'preact'
import type { Client, Face } from '../client'
import { Notifier } from '../notifier'
import type { Options } from '../options'
import type { Session } from '../sessions'
import { Ringtone } from '../sound'
import type { UiApi } from '../types'
import { Bars } from './bar'
import { phone } from './format'
import { Icon } from './icons'
import { act } from './model'
import type { Desk, Visible } from './model'
import { strings } from './strings'
import type { Strings } from './strings'
import style from './style.css?inline'
import { Workbench } from './workbench'

/** AgentFace is everything that is seen and heard: a shadow root of its own, so that no style leaks either way. */
export class AgentFace implements Face {
  readonly api: UiApi
  private readonly t: Strings
  private readonly ringtone = new Ringtone()
  private readonly notifier = new Notifier()
  private readonly visible: Visible = { all: true, float: true, bar: true, workbench: false }
  private client: Client | undefined
  private host: HTMLElement | undefined
  private root: HTMLElement | undefined
  private due = false
  private clock: ReturnType<typeof setInterval> | undefined

  constructor(private readonly options: Options) {
    this.t = strings(options.lang)
    this.api = {
      hide: () => this.set({ all: false }),
      show: () => this.set({ all: true }),
      hidefloatButton: () => this.set({ float: false }),
      showfloatButton: () => this.set({ float: true }),
      hideWorkbench: () => this.set({ workbench: false }),
      showWorkbench: () => this.set({ workbench: true }),
      hideNotificationBar: () => this.set({ bar: false }),
      showNotificationBar: () => this.set({ bar: true }),
      updateUserCustomSettings: (settings) => {
        if (settings.disableRingtone !== undefined) this.ringtone.enable(!settings.disableRingtone)
        if (settings.disableNotification !== undefined) this.notifier.enable(!settings.disableNotification)
        this.ring()
      },
    }
  }

  show(client: Client): void {
    this.client = client
    if (document.readyState === 'loading') addEventListener('DOMContentLoaded', () => this.mount(), { once: true })
    else this.mount()
  }

  session(session: Session): void {
    if (session.phase === 'ringing') this.notify(session)
    else this.notifier.clear(session.sessionId)
    this.ring()
    this.refresh()
  }

  /** Draws anew, once for all that changes in one go. */
  refresh(): void {
    if (this.due) return
    this.due = true
    queueMicrotask(() => {
      this.due = false
      this.draw()
    })
  }

  remove(): void {
    clearInterval(this.clock)
    this.ringtone.stop()
    this.notifier.clear()
    if (this.root) render(null, this.root)
    this.host?.remove()
    this.root = this.client = undefined
  }

  private set(visible: Partial<Visible>): void {
    Object.assign(this.visible, visible)
    this.refresh()
  }

  private mount(): void {
    if (!this.client) return // replaced before the page was ready
    const place = this.options.renderDomId ? document.getElementById(this.options.renderDomId) : null
    // A name of its own: rules for div do not reach it. What rules for everything say is overruled in place.
    const host = document.createElement('openseat-agent')
    host.style.setProperty('all', 'initial', 'important')
    host.style.setProperty('display', 'block', 'important')
    if (place) host.style.setProperty('height', '100%', 'important')
    const shadow = host.attachShadow({ mode: 'open' })
    dress(shadow)
    this.root = document.createElement('div')
    this.root.className = place ? 'root inline' : 'root'
    this.root.lang = this.options.lang
    for (const event of ['keydown', 'keyup', 'keypress']) this.root.addEventListener(event, (e) => e.stopPropagation()) // the page's shortcuts
    this.root.addEventListener('keydown', (e) => {
      if (e.key === 'Escape') this.set({ workbench: false })
    })
    shadow.append(this.root)
    this.host = host
    ;(place ?? document.body).append(host)
    this.draw()
  }

  private draw(): void {
    const { root, host, client } = this
    if (!root || !host || !client) return
    host.style.setProperty('display', this.visible.all ? 'block' : 'none', 'important')
    this.keepTime(client)
    const inline = root.classList.contains('inline')
    const desk: Desk = {
      client,
      t: this.t,
      visible: this.visible,
      inline,
      now: Date.now(),
      set: (visible) => this.set(visible),
      act: (work) => act(client, work),
    }
    render(
      <>
        <Bars desk={desk} />
        <Workbench desk={desk} />
        {!inline && this.visible.float && <FloatButton desk={desk} onClick={() => this.toggle()} />}
      </>,
      root,
    )
  }

  private toggle(): void {
    this.notifier.ask()
    this.set({ workbench: !this.visible.workbench })
  }

  /** The clocks run only while one is seen. */
  private keepTime(client: Client): void {
    const needed = client.sessions.running().length > 0 || client.agent.current.until !== undefined
    if (needed) this.clock ??= setInterval(() => this.refresh(), 1000)
    if (needed || this.clock === undefined) return
    clearInterval(this.clock)
    this.clock = undefined
  }

  private ring(): void {
    const running = this.client?.sessions.running() ?? []
    if (running.some((s) => s.phase === 'ringing') && !running.some((s) => s.phase === 'talking')) this.ringtone.start()
    else this.ringtone.stop()
  }

  private notify(session: Session): void {
    const { sessionId } = session
    this.notifier.show(sessionId, this.t.incoming, phone(session.callerPhoneNumber), () => {
      if (this.client) act(this.client, this.client.phone.api.accept({ sessionId }))
    })
  }
}

function FloatButton({ desk, onClick }: { desk: Desk; onClick: () => void }) {
  const { client, t } = desk
  return (
    <button type="button" class="float" aria-expanded={desk.visible.workbench} aria-label={t.agent} title={`${t.agent}: ${t.status[client.agent.status]}`} onClick={onClick}>
      <Icon name="headset" size={26} />
      <span class={`dot ${client.agent.status}`} />
    </button>
  )
}

/** Gives the shadow root its style; a constructed sheet passes the strictest content security policy. */
function dress(shadow: ShadowRoot): void {
  if ('adoptedStyleSheets' in shadow) {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(style)
    shadow.adoptedStyleSheets = [sheet]
    return
  }
  const element = document.createElement('style')
  element.textContent = style
  ;(shadow as ShadowRoot).append(element)
}
