import { useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { lasting, phone } from './format'
import type { Desk } from './model'
import type { ButtonType, InviteCallee } from '../types'
import type { Call } from './office'
import { Avatar, Empty, Search, Segments, Waiting } from './parts'
import { useWatchedRoster } from './people'
import { canTake, targets } from './picker'
import type { Target } from './picker'

/** The names that pages know the kinds of targets by. */
const button: Record<Target['kind'], ButtonType> = { group: 'transferSkillGroup', agent: 'transferSeat', outside: 'forwardOut' }

type How = 'blind' | 'consult'

/** The picker of whom a call is given to, or who is asked first. One field finds groups, colleagues and outside numbers. */
export function Transfer({ desk, call }: { desk: Desk; call: Call }): JSX.Element {
  const { t, office, shell } = desk
  const [how, setHow] = useState<How>('blind')
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const [busy, setBusy] = useState(false)
  useWatchedRoster(desk)
  const { roster } = office
  const all = roster ? targets(roster, typed, office.user?.userId ?? '').filter((x) => office.buttons([button[x.kind]]).length > 0) : []
  const able = all.filter(canTake)
  const current = able[Math.min(at, able.length - 1)]
  const list = `targets-${call.sessionId}`

  const choose = async (target: Target) => {
    if (busy) return
    setBusy(true)
    const done = await desk.act(give(desk, call, target, how))
    setBusy(false)
    if (!done) return
    if (how === 'blind' && target.kind !== 'outside') shell.fold(call.sessionId)
    else if (shell.panel(call.sessionId) === 'transfer') shell.toggle(call.sessionId, 'team')
  }
  const key = (e: KeyboardEvent) => {
    const step = e.key === 'ArrowDown' ? 1 : e.key === 'ArrowUp' ? -1 : 0
    if (step !== 0 && able.length > 0) {
      e.preventDefault()
      setAt((Math.min(at, able.length - 1) + step + able.length) % able.length)
    }
    if (e.key === 'Enter' && current) void choose(current)
  }
  return (
    <section class="panel picker" aria-label={t.picker.title} aria-busy={busy}>
      <div class="pickerTop">
        <Segments
          label={t.picker.title}
          value={how}
          onChange={setHow}
          options={[
            { value: 'blind', text: t.picker.blind },
            { value: 'consult', text: t.picker.consult },
          ]}
        />
        <p class="fine">{how === 'blind' ? t.picker.blindHint : t.picker.consultHint}</p>
      </div>
      <Search
        label={t.picker.search}
        value={typed}
        onInput={(text) => {
          setTyped(text)
          setAt(0)
        }}
        onKeyDown={key}
        controls={list}
        active={current ? optionId(call, current) : undefined}
        autofocus
      />
      {!roster ? (
        <Waiting t={t} />
      ) : all.length === 0 ? (
        <Empty icon="search" text={typed ? t.picker.none : t.picker.empty} />
      ) : (
        <ul class="targets" role="listbox" id={list} aria-label={t.picker.title}>
          {all.map((target, i) => (
            <TargetRow key={target.key} desk={desk} call={call} target={target} first={all[i - 1]?.kind !== target.kind} active={target === current} onChoose={() => void choose(target)} />
          ))}
        </ul>
      )}
    </section>
  )
}

function give(desk: Desk, call: Call, target: Target, how: How): Promise<unknown> {
  const { Call } = desk.office.tccc
  const { sessionId } = call
  if (target.kind === 'outside') return Call.invite({ sessionId, callee: { phone: target.phone } })
  if (how === 'consult') return Call.invite({ sessionId, callee: callee(target), allowQueue: true })
  return Call.transfer(target.kind === 'group' ? { sessionId, skillGroupId: String(target.group.skillGroupId) } : { sessionId, userId: target.agent.userId })
}

function callee(target: Exclude<Target, { kind: 'outside' }>): InviteCallee {
  return target.kind === 'group' ? { skillGroupId: String(target.group.skillGroupId) } : { userId: target.agent.userId }
}

const optionId = (call: Call, target: Target) => `o-${call.sessionId}-${target.key}`

interface RowProps {
  desk: Desk
  call: Call
  target: Target
  first: boolean
  active: boolean
  onChoose: () => void
}

function TargetRow({ desk, call, target, first, active, onChoose }: RowProps): JSX.Element {
  const { t } = desk
  const titles = { group: t.picker.groups, agent: t.picker.agents, outside: t.picker.outside }
  const able = canTake(target)
  return (
    <>
      {first && (
        <li class="heading" role="presentation">
          {titles[target.kind]}
        </li>
      )}
      <li
        id={optionId(call, target)}
        role="option"
        aria-selected={active}
        aria-disabled={!able}
        class={active ? 'active' : ''}
        ref={(row) => {
          if (active) row?.scrollIntoView({ block: 'nearest' })
        }}
        onClick={() => able && onChoose()}
      >
        {target.kind === 'group' ? <GroupRow desk={desk} target={target} /> : target.kind === 'agent' ? <AgentRow desk={desk} target={target} /> : <OutsideRow desk={desk} target={target} />}
      </li>
    </>
  )
}

function GroupRow({ desk, target }: { desk: Desk; target: Extract<Target, { kind: 'group' }> }): JSX.Element {
  const { t } = desk
  const { skillGroupName, free, online, waiting } = target.group
  return (
    <>
      <Avatar name={skillGroupName} icon="team" />
      <span class="main">{skillGroupName}</span>
      {waiting > 0 && <span class="pill amber">{t.picker.waiting(waiting)}</span>}
      <span class={`pill ${free > 0 ? 'green' : 'grey'}`}>{online > 0 ? t.picker.free(free, online) : t.picker.nobody}</span>
    </>
  )
}

function AgentRow({ desk, target }: { desk: Desk; target: Extract<Target, { kind: 'agent' }> }): JSX.Element {
  const { t } = desk
  const { name, staffNumber, status, since } = target.agent
  return (
    <>
      <Avatar name={name} status={status} />
      <span class="main">
        {name} <small>{staffNumber}</small>
      </span>
      <span class={`standing ${status}`}>
        {t.status.names[status]}
        {status !== 'offline' && <time>{lasting(desk.now, since)}</time>}
      </span>
    </>
  )
}

function OutsideRow({ desk, target }: { desk: Desk; target: Extract<Target, { kind: 'outside' }> }): JSX.Element {
  const { t } = desk
  return (
    <>
      <Avatar name="" icon="phone" />
      <span class="main">
        {t.picker.callOutside(phone(target.phone))}
        <small>{t.picker.outsideBlind}</small>
      </span>
    </>
  )
}
