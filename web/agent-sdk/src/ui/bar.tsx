import { useState } from 'preact/hooks'
import type { JSX } from 'preact'
import type { Session } from '../sessions'
import { clock, phone } from './format'
import { Icon } from './icons'
import { Keypad } from './keypad'
import { hint } from './model'
import type { Desk } from './model'

/** Bars shows every running call in a bar of its own. */
export function Bars({ desk }: { desk: Desk }): JSX.Element | null {
  const running = desk.client.sessions.running()
  if (!desk.visible.bar || running.length === 0) return null
  return (
    <div class="bars">
      {running.map((session) => (
        <Bar key={session.sessionId} desk={desk} session={session} />
      ))}
      <Hint desk={desk} />
    </div>
  )
}

/** Hint says what went wrong last, until it is dismissed or something goes right. */
export function Hint({ desk }: { desk: Desk }): JSX.Element | null {
  const text = hint(desk)
  if (!text) return null
  return (
    <div class="hint" role="alert">
      <span>{text}</span>
      <button type="button" class="plain" onClick={() => desk.client.troubled(undefined)}>
        {desk.t.dismiss}
      </button>
    </div>
  )
}

function Bar({ desk, session }: { desk: Desk; session: Session }): JSX.Element {
  const ringing = session.phase === 'ringing'
  const [keypad, showKeypad] = useState(false)
  return (
    <section class={`bar ${session.phase}`} role={ringing ? 'alertdialog' : 'group'} aria-label={state(desk, session)}>
      <div class="row">
        <span class="face" aria-hidden="true">
          <Icon name="phone" size={18} />
        </span>
        <div class="who">
          <strong class="number">{title(session)}</strong>
          <span class="state" aria-live="polite">
            {state(desk, session)}
            {session.phase === 'talking' && <time>{clock(desk.now - session.acceptAt)}</time>}
            {ringing && <time>{clock(desk.now - session.ringAt)}</time>}
          </span>
          <Details session={session} />
        </div>
        {ringing ? <RingingButtons desk={desk} session={session} /> : <TalkButtons desk={desk} session={session} keypad={keypad} showKeypad={showKeypad} />}
      </div>
      {keypad && !ringing && <Keypad onKey={(dtmfText) => desk.act(desk.client.phone.api.sendDigits({ sessionId: session.sessionId, dtmfText }))} />}
    </section>
  )
}

/** Where the caller comes from, what he pressed, and which of our numbers he called. */
function Details({ session }: { session: Session }): JSX.Element | null {
  const path = session.ivrPath.map((k) => k.label || k.key).join(' › ')
  const parts = [session.callerLocation, path, session.direction === 'in' ? phone(session.calleePhoneNumber) : ''].filter((p) => p)
  if (session.phase !== 'ringing' || parts.length === 0) return null
  return <span class="details">{parts.join(' · ')}</span>
}

function RingingButtons({ desk, session }: { desk: Desk; session: Session }): JSX.Element {
  const { sessionId } = session
  const { api } = desk.client.phone
  return (
    <div class="buttons">
      <button type="button" class="round red" title={desk.t.decline} aria-label={desk.t.decline} onClick={() => desk.act(api.end({ sessionId }))}>
        <Icon name="hangUp" />
      </button>
      <button type="button" class="round green" title={desk.t.accept} aria-label={desk.t.accept} onClick={() => desk.act(api.accept({ sessionId }))}>
        <Icon name="phone" />
      </button>
    </div>
  )
}

interface TalkProps {
  desk: Desk
  session: Session
  keypad: boolean
  showKeypad: (on: boolean) => void
}

function TalkButtons({ desk, session, keypad, showKeypad }: TalkProps): JSX.Element {
  const { t } = desk
  const { api } = desk.client.phone
  const { sessionId, muted, held } = session
  const talking = session.phase === 'talking'
  const hold = () => desk.act(held ? api.unHold({ sessionId }) : api.hold({ sessionId }))
  const mute = () => desk.act(muted ? api.unmuteMic({ sessionId }) : api.muteMic({ sessionId }))
  return (
    <div class="buttons">
      <Toggle on={muted} label={muted ? t.unmute : t.mute} icon={muted ? 'micOff' : 'mic'} onClick={mute} />
      <Toggle on={held} label={held ? t.unHold : t.hold} icon={held ? 'play' : 'pause'} onClick={hold} disabled={!talking} />
      <Toggle on={keypad} label={t.keypad} icon="keypad" onClick={() => showKeypad(!keypad)} disabled={!talking} />
      <button type="button" class="round red" title={t.hangUp} aria-label={t.hangUp} onClick={() => desk.act(api.hungUp({ sessionId }))}>
        <Icon name="hangUp" />
      </button>
    </div>
  )
}

interface ToggleProps {
  on: boolean
  label: string
  icon: Parameters<typeof Icon>[0]['name']
  onClick: () => void
  disabled?: boolean
}

function Toggle({ on, label, icon, onClick, disabled }: ToggleProps): JSX.Element {
  return (
    <button type="button" class={`round ${on ? 'on' : ''}`} title={label} aria-label={label} aria-pressed={on} disabled={disabled} onClick={onClick}>
      <Icon name={icon} />
    </button>
  )
}

function title(session: Session): string {
  const far = session.direction === 'in' ? session.callerPhoneNumber : session.calleePhoneNumber
  return session.remark || phone(far)
}

function state(desk: Desk, session: Session): string {
  const { t } = desk
  switch (session.phase) {
    case 'ringing':
      return t.incoming
    case 'calling':
      return t.calling
    case 'connecting':
      return t.connecting
    default:
      return session.held ? t.onHold : t.talking
  }
}
