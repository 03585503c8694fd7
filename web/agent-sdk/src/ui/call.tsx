import { useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { clock, phone } from './format'
import { Icon } from './icons'
import type { IconName } from './icons'
import { customerWaits, farName, farNumber, groupName, colleague, standing, third } from './model'
import type { Desk } from './model'
import type { Call } from './office'
import { Banner, IconButton } from './parts'
import type { Panel } from './shell'
import { Quality } from './quality'

// What is known of a call and what can be done with it: the parts of which bar and workbench are made.

/** The sign of a call: which way it goes, and that it rings. */
export function CallSign({ call }: { call: Call }): JSX.Element {
  const icon: IconName = call.monitor ? 'ear' : call.type === 'internal' ? 'user' : call.phase === 'ringing' ? 'phone' : call.direction === 'in' ? 'arrowIn' : 'arrowOut'
  return (
    <span class={`sign ${call.phase} ${call.held ? 'held' : ''}`} aria-hidden="true">
      <Icon name={icon} size={20} />
    </span>
  )
}

/** Who it is. */
export function CallTitle({ desk, call }: { desk: Desk; call: Call }): JSX.Element {
  const far = farNumber(call)
  const name = farName(desk, call)
  const number = call.type === 'internal' ? '' : phone(far)
  const location = call.callerLocation || call.calleeLocation
  const from = call.inviteFrom || call.transferFrom
  return (
    <div class="who">
      <strong class="number">{name}</strong>
      <span class="details">
        {name !== number && number && <span>{number}</span>}
        {location && <span>{location}</span>}
        {call.direction === 'in' && call.type !== 'internal' && call.calleePhoneNumber && (
          <span>
            {desk.t.calls.to} {phone(call.calleePhoneNumber)}
          </span>
        )}
        {from && <span>{call.inviteFrom ? desk.t.calls.asks(colleague(desk, from)) : desk.t.calls.handedBy(colleague(desk, from))}</span>}
        {call.serverType !== 'staffSeat' && <span>{(call.phase === 'ringing' ? desk.t.calls.ringsOn : desk.t.calls.talksOn)[call.serverType]}</span>}
      </span>
    </div>
  )
}

/** What the caller pressed, as chips. */
export function Path({ desk, call }: { desk: Desk; call: Call }): JSX.Element | null {
  if (call.ivrPath.length === 0) return null
  return (
    <ol class="path" aria-label={desk.t.calls.ivr}>
      {call.ivrPath.map((k, i) => (
        <li key={i}>
          <kbd>{k.key}</kbd>
          {k.label}
        </li>
      ))}
    </ol>
  )
}

/** The state and how long it has lasted. */
export function CallState({ desk, call }: { desk: Desk; call: Call }): JSX.Element {
  const since = call.phase === 'talking' ? call.acceptAt : call.ringAt
  return (
    <div class="state">
      <span class={`pill ${tone(desk, call)}`} aria-live="polite">
        {standing(desk, call)}
      </span>
      {call.phase !== 'ended' && <time>{clock(desk.now - since)}</time>}
      {call.phase === 'talking' && <Quality desk={desk} grade={call.quality} />}
    </div>
  )
}

function tone(desk: Desk, call: Call): string {
  if (call.phase === 'ringing' || call.phase === 'calling' || call.phase === 'connecting') return 'blue'
  if (call.phase === 'ended') return 'grey'
  if (call.transfer || call.monitor || third(desk, call).length > 0) return 'violet'
  return call.held ? 'amber' : 'green'
}

/** What the agent must know at once: no sound one way, sound elsewhere, a transfer under way. */
export function CallAlerts({ desk, call }: { desk: Desk; call: Call }): JSX.Element | null {
  const { t, office } = desk
  const { sessionId, transfer } = call
  const notice = desk.shell.notices.get(sessionId)
  if (call.elsewhere || soundsInOtherTab(call)) {
    return (
      <Banner
        kind="info"
        icon="window"
        action={
          <button type="button" class="button primary small" onClick={() => void desk.act(office.files.takeHere(sessionId))}>
            {t.calls.takeHere}
          </button>
        }
      >
        {call.elsewhere ? t.calls.elsewhere : t.calls.otherTab}
      </Banner>
    )
  }
  return (
    <>
      {call.oneWay && call.phase !== 'ended' && (
        <Banner kind="bad" icon="warning">
          {call.oneWay.direction === 'out' ? t.calls.oneWayAgent : t.calls.oneWayCustomer}
        </Banner>
      )}
      {notice && !transfer && call.phase !== 'ended' && (
        <Banner kind="warn" icon="transfer" action={<IconButton icon="close" label={t.common.dismiss} size={16} onClick={() => desk.shell.notice(sessionId, '')} />}>
          {notice}
        </Banner>
      )}
      {transfer && (
        <Banner
          kind="info"
          icon="transfer"
          action={
            <button type="button" class="button small" onClick={() => void desk.act(office.files.cancelTransfer(sessionId))}>
              {t.team.cancelTransfer}
            </button>
          }
        >
          {t.team.handingTo(transfer.userId ? colleague(desk, transfer.userId) : groupName(desk, transfer.skillGroupId ?? ''))}
        </Banner>
      )}
    </>
  )
}

/** Whether another tab that shares the login carries the call's sound; it can be steered from here, or brought. */
function soundsInOtherTab(call: Call): boolean {
  return call.phase === 'talking' && !call.here && call.serverType === 'staffSeat' && call.monitor !== 'text'
}

/** The two buttons of a call that rings. */
export function RingingButtons({ desk, call }: { desk: Desk; call: Call }): JSX.Element {
  const { sessionId } = call
  const { Call } = desk.office.tccc
  const here = call.serverType === 'staffSeat'
  return (
    <div class="buttons">
      <button type="button" class="round red" title={desk.t.calls.decline} aria-label={desk.t.calls.decline} onClick={() => void desk.act(Call.end({ sessionId }))}>
        <Icon name="hangUp" />
      </button>
      {here && (
        <button type="button" class="round green wide" aria-label={desk.t.calls.accept} onClick={() => void desk.act(Call.accept({ sessionId }))}>
          <Icon name="phone" />
          <span>{desk.t.calls.accept}</span>
        </button>
      )}
    </div>
  )
}

/** The buttons of a call that is dialed or talks. */
export function TalkButtons({ desk, call }: { desk: Desk; call: Call }): JSX.Element {
  const { t, shell } = desk
  const { Call } = desk.office.tccc
  const { sessionId, muted, held } = call
  const talking = call.phase === 'talking' && !call.elsewhere
  const open = shell.panel(sessionId)
  const mute = () => void desk.act(muted ? Call.unmuteMic({ sessionId }) : Call.muteMic({ sessionId }))
  const hold = () => void desk.act(held ? Call.unHold({ sessionId }) : Call.hold({ sessionId }))
  const unfold = (panel: Panel) => () => shell.toggle(sessionId, panel)
  const joined = third(desk, call)
  const internal = call.type === 'internal'
  const wanted = desk.office.buttons(['holdToggle', 'showKeyboard', 'transferSeat', 'transferSkillGroup', 'forwardOut'])
  const gives = wanted.some((b) => b === 'transferSeat' || b === 'transferSkillGroup' || b === 'forwardOut')
  return (
    <div class="buttons">
      <Toggle on={muted} label={muted ? t.calls.unmute : t.calls.mute} icon={muted ? 'micOff' : 'mic'} onClick={mute} disabled={call.elsewhere} kind={muted ? 'alert' : ''} />
      {!call.monitor && (
        <>
          {!internal && joined.length === 0 && wanted.includes('holdToggle') && <Toggle on={held} label={held ? t.calls.unHold : t.calls.hold} icon={held ? 'play' : 'pause'} onClick={hold} disabled={!talking} kind={held ? 'alert' : ''} />}
          {wanted.includes('showKeyboard') && <Toggle on={open === 'keypad'} label={t.calls.keypad} icon="keypad" onClick={unfold('keypad')} disabled={!talking} expands />}
          {!internal && gives && <Toggle on={open === 'transfer'} label={t.calls.transfer} icon="transfer" onClick={unfold('transfer')} disabled={!talking || call.transfer !== undefined} expands />}
          {joined.length > 0 && <Toggle on={open === 'team'} label={t.calls.team} icon="team" onClick={unfold('team')} count={joined.length + 2} expands />}
        </>
      )}
      <button type="button" class="round red" aria-label={call.monitor ? t.watch.stop : t.calls.hangUp} title={call.monitor ? t.watch.stop : t.calls.hangUp} onClick={() => void desk.act(Call.hungUp({ sessionId }))}>
        <Icon name="hangUp" />
        <span>{call.monitor ? t.watch.stop : t.calls.hangUp}</span>
      </button>
    </div>
  )
}

interface ToggleProps {
  on: boolean
  label: string
  icon: IconName
  onClick: () => void
  disabled?: boolean
  kind?: string
  count?: number
  expands?: boolean
}

function Toggle({ on, label, icon, onClick, disabled, kind = '', count, expands }: ToggleProps): JSX.Element {
  const state = expands ? { 'aria-expanded': on } : { 'aria-pressed': on }
  return (
    <button type="button" class={`round ${on ? 'on' : ''} ${kind}`} title={label} aria-label={label} data-count={count} {...state} disabled={disabled} onClick={onClick}>
      <Icon name={icon} />
      <span>{label}</span>
    </button>
  )
}

/** Whether the customer waits though nobody is talked to: then he must be taken back. */
export function isLeftWaiting(desk: Desk, call: Call): boolean {
  return call.phase === 'talking' && !call.held && !call.transfer && customerWaits(call) && third(desk, call).length === 0
}

/** A number with a button that copies it. */
export function CopyButton({ desk, text }: { desk: Desk; text: string }): JSX.Element | null {
  const [done, setDone] = useState(false)
  const { clipboard } = navigator as { clipboard?: Clipboard } // absent on insecure pages
  if (!clipboard || !text) return null
  const copy = () =>
    void clipboard.writeText(text).then(
      () => {
        setDone(true)
        setTimeout(() => setDone(false), 1500)
      },
      () => undefined,
    )
  return <IconButton icon={done ? 'check' : 'copy'} label={done ? desk.t.calls.copied : desk.t.calls.copy} size={16} onClick={copy} />
}
