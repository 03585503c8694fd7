import type { JSX } from 'preact'
import { CallAlerts, CallSign, CallState, CallTitle, isLeftWaiting, Path, RingingButtons, TalkButtons } from './call'
import { Keypad } from './keypad'
import { hint } from './model'
import type { Desk } from './model'
import type { Call } from './office'
import { Banner, IconButton } from './parts'
import { Team } from './team'
import { Transfer } from './transfer'

/** Bars shows calls in a bar each: over the page while the workbench is closed, in it above other pages. */
export function Bars({ desk, calls }: { desk: Desk; calls: Call[] }): JSX.Element | null {
  const hints = (hint(desk) !== '' || desk.shell.said !== '') && !desk.inline
  const away = !desk.inline && desk.office.user !== undefined && desk.office.state !== 'connected'
  if (calls.length === 0 && !hints && !away) return null
  return (
    <div class="bars">
      {away && <Away desk={desk} />}
      {calls.map((call) => (
        <Bar key={call.sessionId} desk={desk} call={call} />
      ))}
      {hints && <Hint desk={desk} />}
    </div>
  )
}

/** Says that the server is not there, or that this page is out. */
export function Away({ desk }: { desk: Desk }): JSX.Element | null {
  const { office, t } = desk
  if (office.state === 'connecting') {
    return (
      <Banner kind="warn" icon="refresh">
        {t.net.reconnecting} {office.sessions.running().length > 0 && t.net.callsGoOn}
      </Banner>
    )
  }
  if (office.state !== 'disconnected') return null
  return (
    <Banner
      kind="warn"
      icon="window"
      action={
        <button type="button" class="button small" onClick={() => location.reload()}>
          {t.net.reload}
        </button>
      }
    >
      <b>{office.kickedOut ? t.net.kickedOut : t.net.expired}</b> {office.kickedOut ? t.net.kickedOutText : t.net.expiredText}
    </Banner>
  )
}

/** Hint says what went wrong last, until it is dismissed or something goes right. */
export function Hint({ desk }: { desk: Desk }): JSX.Element | null {
  const text = hint(desk)
  const code = desk.office.trouble?.code
  if (!text) return <Said desk={desk} />
  const sound = code?.startsWith('Microphone') || code === 'MediaFailed'
  return (
    <Banner
      kind="warn"
      icon="warning"
      action={
        <>
          {sound && <CheckButton desk={desk} />}
          <IconButton icon="close" label={desk.t.common.dismiss} size={16} onClick={() => desk.office.troubled(undefined)} />
        </>
      }
    >
      {text}
    </Banner>
  )
}

/** What is said in passing. */
function Said({ desk }: { desk: Desk }): JSX.Element | null {
  const { shell, t } = desk
  if (!shell.said) return null
  return (
    <Banner kind="info" icon="info" action={<IconButton icon="close" label={t.common.dismiss} size={16} onClick={() => shell.hush()} />}>
      {shell.said}
    </Banner>
  )
}

/** Opens the self-check in a tab of its own. */
export function CheckButton({ desk }: { desk: Desk }): JSX.Element {
  const open = () => {
    const tab = window.open('', '_blank') // at once: after the server's answer it would be a pop-up
    void desk.act(
      desk.office.files.checkLink().then(
        (url) => {
          if (tab) tab.location.href = url
        },
        (e: unknown) => {
          tab?.close()
          throw e
        },
      ),
    )
  }
  return (
    <button type="button" class="link" onClick={open}>
      {desk.t.settings.check}
    </button>
  )
}

function Bar({ desk, call }: { desk: Desk; call: Call }): JSX.Element {
  const ringing = call.phase === 'ringing'
  return (
    <section class={`bar ${call.phase}`} role={ringing ? 'alertdialog' : 'group'} aria-label={desk.t.calls[ringing ? 'incoming' : 'talking']}>
      <div class="row">
        <CallSign call={call} />
        <div class="about">
          <CallTitle desk={desk} call={call} />
          <CallState desk={desk} call={call} />
          {ringing && <Path desk={desk} call={call} />}
        </div>
        {desk.office.state !== 'disconnected' && (ringing ? <RingingButtons desk={desk} call={call} /> : <TalkButtons desk={desk} call={call} />)}
        {!ringing && !desk.inline && <IconButton icon="enlarge" label={desk.t.calls.more} size={16} kind="more" onClick={() => more(desk, call)} />}
      </div>
      {ringing && call.timeout > 0 && <Countdown desk={desk} call={call} />}
      {desk.office.state !== 'disconnected' && <CallAlerts desk={desk} call={call} />}
      {!ringing && desk.office.state !== 'disconnected' && <Unfolded desk={desk} call={call} />}
    </section>
  )
}

function more(desk: Desk, call: Call): void {
  desk.shell.set({ chosen: call.sessionId })
  desk.shell.open('phone')
}

/** How long the call will ring here still. */
function Countdown({ desk, call }: { desk: Desk; call: Call }): JSX.Element {
  const left = Math.max(0, 1 - (desk.now - call.ringAt) / (call.timeout * 1000))
  return (
    <div class="countdown" aria-hidden="true">
      <i style={{ transform: `scaleX(${left.toFixed(3)})` }} />
    </div>
  )
}

/** The panel that is open under a call; with several parties, they are. */
export function Unfolded({ desk, call }: { desk: Desk; call: Call }): JSX.Element | null {
  const panel = desk.shell.panel(call.sessionId)
  if (call.phase === 'ended' || call.elsewhere) return null
  if (panel === 'keypad') return <Digits desk={desk} call={call} />
  if (panel === 'transfer') return <Transfer desk={desk} call={call} />
  if (panel === 'team' || isLeftWaiting(desk, call)) return <Team desk={desk} call={call} />
  return null
}

function Digits({ desk, call }: { desk: Desk; call: Call }): JSX.Element {
  const { sessionId } = call
  const sent = desk.shell.digits.get(sessionId) ?? ''
  const press = (dtmfText: string) => {
    desk.shell.typed(sessionId, dtmfText)
    void desk.act(desk.office.tccc.Call.sendDigits({ sessionId, dtmfText }))
  }
  return (
    <section class="panel digits">
      <output aria-label={desk.t.calls.sent} aria-live="polite">
        {sent}
      </output>
      <Keypad label={desk.t.calls.keypad} onKey={press} autofocus />
    </section>
  )
}
