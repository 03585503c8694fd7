import { useRef, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import type { AgentStatus } from '../types'
import { Hint } from './bar'
import { clock, phone } from './format'
import { Icon } from './icons'
import { Keypad } from './keypad'
import type { Desk } from './model'

const choices: AgentStatus[] = ['free', 'notReady', 'rest']

/** Workbench is the panel behind the float button: status, dialing, ended calls. */
export function Workbench({ desk }: { desk: Desk }): JSX.Element | null {
  if (!desk.visible.workbench && !desk.inline) return null
  const { client, t } = desk
  return (
    <section class="workbench" aria-label={t.agent}>
      <header>
        <span class={`dot ${client.agent.status}`} />
        <div class="me">
          <strong>{client.user?.name ?? client.options.userId}</strong>
          <span>{standing(desk)}</span>
        </div>
        {!desk.inline && (
          <button type="button" class="plain icon" aria-label={t.close} title={t.close} onClick={() => desk.set({ workbench: false })}>
            <Icon name="close" size={18} />
          </button>
        )}
      </header>
      {client.state !== 'disconnected' && (
        <>
          <Status desk={desk} />
          <Dialer desk={desk} />
          {client.sessions.running().length === 0 && <Hint desk={desk} />}
          <Ended desk={desk} />
        </>
      )}
    </section>
  )
}

/** How the agent stands: signed in or not, with what status, since when, and what follows. */
function standing(desk: Desk): string {
  const { client, t } = desk
  if (client.kickedOut) return t.kickedOut
  if (client.state === 'disconnected') return t.signedOut
  if (client.state === 'connecting') return client.user ? t.reconnecting : t.signingIn
  const { status, reason, reserved, until } = client.agent.current
  const parts = [reason ? `${t.status[status]} (${reason})` : t.status[status]]
  if (until) parts.push(clock(until - desk.now))
  if (reserved) parts.push(`${t.then} ${t.status[reserved]}`)
  return parts.join(' · ')
}

function Status({ desk }: { desk: Desk }): JSX.Element {
  const { client, t } = desk
  const { status, reserved } = client.agent.current
  const reasons = client.settings?.restReasons ?? []
  const [choosing, choose] = useState(false)
  const set = (next: AgentStatus, restReason?: string) => {
    choose(false)
    if (status === 'offline') client.tccc.Agent.online()
    else desk.act(client.tccc.Agent.setStatus({ status: next, restReason }))
  }
  const pick = (next: AgentStatus) => {
    if (next === 'rest' && reasons.length > 0 && status !== 'offline') choose(!choosing)
    else set(next)
  }
  return (
    <div class="status">
      <div class="segments" role="radiogroup" aria-label={t.agent}>
        {choices.map((s) => (
          <button type="button" key={s} role="radio" aria-checked={status === s} class={`${status === s ? 'on' : ''} ${reserved === s ? 'reserved' : ''}`} onClick={() => pick(s)}>
            {t.status[s]}
          </button>
        ))}
      </div>
      {choosing && (
        <div class="reasons" role="group" aria-label={t.restReason}>
          {reasons.map((reason) => (
            <button type="button" key={reason} onClick={() => set('rest', reason)}>
              {reason}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}

function Dialer({ desk }: { desk: Desk }): JSX.Element {
  const { client, t } = desk
  const [number, setNumber] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const busy = client.sessions.running().length > 0
  const call = (e: Event) => {
    e.preventDefault()
    if (number.trim() === '' || busy) return
    desk.act(client.phone.api.startOutboundCall({ phoneNumber: number }).then(() => setNumber('')))
  }
  const press = (key: string) => {
    setNumber(number + key)
    input.current?.focus()
  }
  return (
    <form class="dialer" onSubmit={call}>
      <div class="field">
        <input ref={input} type="tel" value={number} maxLength={40} placeholder={t.numberToCall} aria-label={t.numberToCall} onInput={(e) => setNumber(e.currentTarget.value)} />
        {number !== '' && (
          <button type="button" class="plain icon" aria-label={t.remove} onClick={() => setNumber(number.slice(0, -1))}>
            <Icon name="erase" />
          </button>
        )}
      </div>
      <Keypad onKey={press} />
      <button type="submit" class="call" disabled={busy || number.trim() === ''}>
        <Icon name="phone" size={18} />
        {t.call}
      </button>
    </form>
  )
}

const mostShown = 5

function Ended({ desk }: { desk: Desk }): JSX.Element | null {
  const ended = desk.client.sessions.list().filter((s) => s.phase === 'ended')
  if (ended.length === 0) return null
  return (
    <div class="ended">
      <h2>{desk.t.recent}</h2>
      <ul>
        {ended
          .slice(-mostShown)
          .reverse()
          .map((s) => (
            <li key={s.sessionId}>
              <span class={`way ${s.direction}`} aria-hidden="true">
                {s.direction === 'in' ? '↙' : '↗'}
              </span>
              <span class="number">{phone(s.direction === 'in' ? s.callerPhoneNumber : s.calleePhoneNumber)}</span>
              <time>{s.acceptAt ? clock(s.endAt - s.acceptAt) : '–'}</time>
              <button type="button" class="plain icon" aria-label={desk.t.remove} title={desk.t.remove} onClick={() => desk.client.sessions.delete(s.sessionId)}>
                <Icon name="close" size={14} />
              </button>
            </li>
          ))}
      </ul>
    </div>
  )
}
