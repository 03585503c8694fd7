import type { JSX } from 'preact'
import type { AgentStatus } from '../types'
import { clock, lasting } from './format'
import { useMenu } from './hooks'
import { Icon } from './icons'
import type { Desk } from './model'

/** What an agent may ask to be. */
type Wish = 'free' | 'notReady' | 'rest' | 'arrange'

/** The agent's status with its clock, and the menu that changes it. */
export function StatusMenu({ desk }: { desk: Desk }): JSX.Element {
  const { office, t } = desk
  const menu = useMenu()
  const { status, reason, reserved, since, until } = office.agent.current
  const set = (next: Wish, restReason?: string) => {
    menu.set(false)
    if (status === 'offline') office.tccc.Agent.online()
    void desk.act(office.tccc.Agent.setStatus({ status: next, restReason }))
  }
  const label = reason ? `${t.status.names[status]} · ${reason}` : t.status.names[status]
  return (
    <div class="menu statusMenu" ref={menu.box} onKeyDown={menu.keys}>
      <button type="button" class={`statusButton ${status}`} aria-haspopup="menu" aria-expanded={menu.open} title={t.status.menu} onClick={() => menu.set(!menu.open)}>
        <span class={`dot ${status}`} />
        <span class="label">{label}</span>
        {status !== 'offline' && <time>{until ? clock(until - desk.now) : lasting(desk.now, since)}</time>}
        <Icon name="down" size={14} />
      </button>
      {reserved && <span class="reserved">{t.status.then(t.status.names[reserved])}</span>}
      {menu.open && (
        <div class="sheet" role="menu" aria-label={t.status.menu}>
          {status === 'busy' && <p class="fine">{t.status.during}</p>}
          {status === 'arrange' && (
            <>
              <Item dot="free" text={t.status.finish} onClick={() => set('free')} />
              <Item dot="arrange" text={t.status.extend} onClick={() => set('arrange')} />
              <hr />
            </>
          )}
          {(['free', 'notReady'] as const).map((s) => (
            <Item key={s} dot={s} text={t.status.names[s]} checked={status === s} onClick={() => set(s)} />
          ))}
          <Rests desk={desk} set={set} />
          <hr />
          {status === 'offline' ? (
            <Item
              icon
              text={t.status.goOnline}
              onClick={() => {
                menu.set(false)
                office.tccc.Agent.online()
              }}
            />
          ) : (
            <Item
              dot="offline"
              text={t.status.goOffline}
              onClick={() => {
                menu.set(false)
                office.tccc.Agent.offline()
              }}
            />
          )}
        </div>
      )}
    </div>
  )
}

function Rests({ desk, set }: { desk: Desk; set: (status: Wish, reason?: string) => void }): JSX.Element {
  const { office, t } = desk
  const reasons = office.settings?.restReasons ?? []
  const { status, reason } = office.agent.current
  if (reasons.length === 0) return <Item dot="rest" text={t.status.restFor} checked={status === 'rest'} onClick={() => set('rest')} />
  return (
    <div role="group" aria-label={t.status.restFor}>
      <p class="heading">{t.status.restFor}</p>
      {reasons.map((r) => (
        <Item key={r} dot="rest" text={r} checked={status === 'rest' && reason === r} onClick={() => set('rest', r)} />
      ))}
    </div>
  )
}

function Item({ dot, text, checked, onClick, icon }: { dot?: AgentStatus; text: string; checked?: boolean; onClick: () => void; icon?: boolean }): JSX.Element {
  return (
    <button type="button" role={checked === undefined ? 'menuitem' : 'menuitemradio'} aria-checked={checked} tabIndex={-1} onClick={onClick}>
      {dot && <span class={`dot ${dot}`} />}
      {icon && <span class="dot free" />}
      <span class="main">{text}</span>
      {checked && <Icon name="check" size={16} />}
    </button>
  )
}
