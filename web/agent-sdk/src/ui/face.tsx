import { render } from 'preact'
import type { Face } from '../client'
import type { Options } from '../options'
import type { UiApi } from '../types'
import { Bars } from './bar'
import { FloatButton } from './float'
import { phone } from './format'
import { Host } from './host'
import { act, colleague, groupName, learnNames, strangers } from './model'
import type { Desk } from './model'
import type { Call, Office } from './office'
import { wrapping } from './phone'
import { Shell } from './shell'
import { deedOf, perform } from './shortcuts'
import { strings } from './strings/strings'
import type { Strings } from './strings/strings'
import { Workbench } from './workbench'
import { WrapUp } from './wrapup'

/** AgentFace is everything that is seen of the SDK. */
export class AgentFace implements Face {
  readonly api: Omit<UiApi, 'updateUserCustomSettings'>
  /** What the system's notification of a call says. */
  readonly words: Face['words']
  private readonly t: Strings
  private readonly shell: Shell
  private office: Office | undefined
  private host: Host | undefined
  private due = false
  private signedIn = false
  private meeting = false
  private wanted: HTMLElement | string
  private clock: ReturnType<typeof setInterval> | undefined
  private readonly night = typeof matchMedia === 'function' ? matchMedia('(prefers-color-scheme: dark)') : undefined

  constructor(private readonly options: Pick<Options, 'lang' | 'renderDomId' | 'userId'>) {
    this.t = strings(options.lang)
    this.wanted = options.renderDomId
    this.shell = new Shell(
      () => this.refresh(),
      (on) => this.office?.watchRoster(on),
      () => localStorage,
      `openseat.face.${options.userId}`,
    )
    const { shell } = this
    this.api = {
      hide: () => shell.show({ all: false }),
      show: () => shell.show({ all: true }),
      hidefloatButton: () => shell.show({ float: false }),
      showfloatButton: () => shell.show({ float: true }),
      hideWorkbench: () => shell.show({ workbench: false }),
      showWorkbench: () => shell.show({ workbench: true }),
      hideNotificationBar: () => shell.show({ bar: false }),
      showNotificationBar: () => shell.show({ bar: true }),
      mount: (element) => this.mount(element),
    }
    this.words = { incoming: this.t.calls.incoming, who: (session) => session.remark || session.peerName || phone(session.callerPhoneNumber) }
  }

  show(office: Office): void {
    this.office = office
    office.tccc.on('transferFailed', ({ sessionId, userId, skillGroupId }) => {
      const desk = this.desk()
      if (desk) this.shell.notice(sessionId, this.t.team.transferFailed(userId ? colleague(desk, userId) : groupName(desk, skillGroupId ?? '')))
    })
    office.tccc.on('deviceChanged', ({ kind, label, deviceId, reason }) => {
      if (reason === 'chosen' || (kind === 'microphone' && !deviceId)) return // he knows, or is told as trouble
      this.shell.say(this.t.devices[kind](label || this.t.settings.system))
    })
    if (document.readyState === 'loading') addEventListener('DOMContentLoaded', () => this.appear(), { once: true })
    else this.appear()
  }

  session(call: Call): void {
    if (call.phase === 'ringing' && !this.shell.visible.workbench) this.shell.chosen = ''
    if (call.phase === 'ended') this.shell.fold(call.sessionId)
    if (call.phase === 'ended' && call.direction === 'in' && !call.acceptAt) void this.countMissed()
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
    this.clock = undefined
    this.shell.hush()
    removeEventListener('keydown', this.key, true)
    removeEventListener('resize', this.again)
    this.night?.removeEventListener('change', this.again)
    if (this.host) render(null, this.host.root)
    this.host?.remove()
    this.host = this.office = undefined
  }

  private readonly again = () => this.refresh()

  /** Shortcuts work in the whole page, as long as the agent wants them. */
  private readonly key = (e: KeyboardEvent) => {
    const desk = this.desk()
    const deed = desk && this.shell.kept.shortcuts && this.shell.visible.all ? deedOf(e) : undefined
    if (!desk || !deed || !perform(desk, deed)) return
    e.preventDefault()
    e.stopPropagation()
  }

  private appear(): void {
    if (!this.office || this.host) return // replaced before the page was ready
    this.host = new Host(this.options.lang)
    this.host.root.addEventListener('keydown', (e) => this.escape(e))
    addEventListener('keydown', this.key, true)
    addEventListener('resize', this.again)
    this.night?.addEventListener('change', this.again)
    this.draw()
  }

  /** Moves the face into an element, given itself or by its id, or over the page again. */
  private mount(element?: HTMLElement | string): void {
    this.wanted = element ?? ''
    if (document.readyState !== 'loading') this.appear()
    this.refresh()
  }

  /** The element the face belongs into. One that is named by its id may come later, or anew: pages draw themselves. */
  private place(): HTMLElement | undefined {
    const { wanted } = this
    if (typeof wanted !== 'string') return wanted
    return (wanted && document.getElementById(wanted)) || undefined
  }

  private escape(e: KeyboardEvent): void {
    if (e.key !== 'Escape' || e.defaultPrevented || !this.office) return
    const open = this.shell.visible.workbench
    if (this.shell.escape(this.office.sessions.running().map((c) => c.sessionId))) e.preventDefault()
    if (open && !this.shell.visible.workbench) queueMicrotask(() => this.host?.root.querySelector<HTMLElement>('.float')?.focus()) // after the drawing
  }

  private desk(): Desk | undefined {
    const { office, host } = this
    if (!office || !host) return undefined
    return { office, shell: this.shell, t: this.t, lang: this.options.lang, inline: host.inline, now: Date.now(), act: (work) => act(office, work) }
  }

  private draw(): void {
    this.host?.put(this.place(), this.shell.visible.all)
    const desk = this.desk()
    if (!desk || !this.host) return
    const { office, shell, inline } = desk
    const { visible, kept } = shell
    this.host.theme(kept.theme === 'dark' || (kept.theme === 'system' && (this.night?.matches ?? false)))
    this.welcome(office)
    learnNames(desk)
    this.meetStrangers(desk)
    shell.forget(office.sessions.list().map((c) => c.sessionId))
    this.keepTime(office, inline)
    const open = inline || visible.workbench
    render(
      <>
        <div class="told" aria-live="assertive">
          {office.sessions.running().some((c) => c.phase === 'ringing') && this.t.calls.incoming}
        </div>
        {!open && visible.bar && <Bars desk={desk} calls={office.sessions.running()} />}
        {!open && visible.bar && <WrapUp desk={desk} call={wrapping(desk)} />}
        <Workbench desk={desk} />
        {!inline && visible.float && !visible.workbench && <FloatButton desk={desk} onClick={() => shell.show({ workbench: true })} />}
      </>,
      this.host.root,
    )
  }

  /** The first picture has come: what was missed meanwhile? */
  private welcome(office: Office): void {
    if (this.signedIn || !office.user) return
    this.signedIn = true
    void this.countMissed()
  }

  /** Has the roster told while a call has somebody who is not known by name. Who is not in it is called by his account. */
  private meetStrangers(desk: Desk): void {
    const unknown = strangers(desk)
    if (desk.office.roster) for (const id of unknown) this.shell.names.set(id, id.split('@')[0] ?? id)
    const wanted = unknown.length > 0 && !desk.office.roster
    if (wanted === this.meeting) return
    this.meeting = wanted
    queueMicrotask(() => this.shell.watching(wanted ? 1 : -1))
  }

  private async countMissed(): Promise<void> {
    try {
      const { records } = (await this.office?.files.records({ kind: 'missed', limit: 50 })) ?? { records: [] }
      const seen = Math.max(this.shell.kept.seen, new Date().setHours(0, 0, 0, 0)) // yesterday's are no news
      this.shell.set({ missed: records.filter((r) => r.startAt > seen).length })
    } catch {
      // the list itself will say what is wrong
    }
  }

  /** The clocks run only while one is seen. */
  private keepTime(office: Office, inline: boolean): void {
    const needed = inline || this.shell.visible.workbench || office.sessions.running().length > 0 || office.agent.current.until !== undefined
    if (needed) this.clock ??= setInterval(() => this.refresh(), 1000)
    if (needed || this.clock === undefined) return
    clearInterval(this.clock)
    this.clock = undefined
  }
}

