import { useEffect, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { lasting } from './format'
import type { Desk } from './model'
import { groupName } from './model'
import type { RosterAgent } from './office'
import { Avatar, Empty, IconButton, Search, Switch, Waiting } from './parts'
import { byReadiness, isMeant } from './picker'

/** How many are shown; the others are found by searching. */
const most = 200

/** Colleagues with their states, to be called at their seats or on their mobiles. */
export function PeopleView({ desk }: { desk: Desk }): JSX.Element {
  const { t, office } = desk
  const [typed, setTyped] = useState('')
  const [ready, setReady] = useState(false)
  useWatchedRoster(desk)
  const { roster } = office
  const all = roster?.agents ?? []
  const rows = all.filter((a) => isMeant(a, typed, roster?.groups) && (!ready || a.status === 'free')).sort(byReadiness)
  return (
    <section class="people">
      <div class="tools">
        <Search label={t.people.search} value={typed} onInput={setTyped} />
        <Switch label={t.people.readyOnly} on={ready} onChange={setReady} />
      </div>
      {!roster ? (
        <Waiting t={t} lines={7} />
      ) : rows.length === 0 ? (
        <Empty icon="team" text={all.length === 0 ? t.people.empty : t.people.none} />
      ) : (
        <ul class="rows">
          {rows.slice(0, most).map((a) => (
            <Person key={a.userId} desk={desk} agent={a} />
          ))}
        </ul>
      )}
    </section>
  )
}

/** Has the server tell the colleagues' states while the view is open. */
export function useWatchedRoster(desk: Desk): void {
  const { shell } = desk
  useEffect(() => {
    shell.watching(1)
    return () => shell.watching(-1)
  }, [])
}

function Person({ desk, agent }: { desk: Desk; agent: RosterAgent }): JSX.Element {
  const { t, office } = desk
  const me = agent.userId === office.user?.userId
  const busy = office.sessions.running().length > 0
  const call = (useMobile: boolean) => void desk.act(office.tccc.Call.startInternalCall({ calleeUserId: agent.userId, useMobile }))
  return (
    <li>
      <Avatar name={agent.name} status={agent.status} />
      <span class="main">
        <b>
          {agent.name} {me && <em>{t.people.me}</em>}
        </b>
        <small>{[agent.staffNumber, ...agent.skillGroups.map((g) => groupName(desk, g))].filter((s) => s).join(' · ')}</small>
      </span>
      <span class={`standing ${agent.status}`}>
        {t.status.names[agent.status]}
        {agent.status !== 'offline' && <time>{lasting(desk.now, agent.since)}</time>}
      </span>
      {me ? (
        <span class="twoIcons" />
      ) : (
        <span class="twoIcons">
          <IconButton icon="phone" label={`${t.people.call} ${agent.name}`} size={16} disabled={busy || agent.status === 'offline' || agent.status === 'busy'} onClick={() => call(false)} />
          <IconButton icon="mobile" label={`${t.people.callMobile} ${agent.name}`} size={16} disabled={busy || agent.status === 'busy'} onClick={() => call(true)} />
        </span>
      )}
    </li>
  )
}
