import type { JSX } from 'preact'
import { Icon } from './icons'
import type { IconName } from './icons'
import { customerWaits, memberName, others, third } from './model'
import type { Desk } from './model'
import type { Member } from '../types'
import type { Call } from './office'
import { Avatar } from './parts'

const signs: Partial<Record<Member['type'], IconName>> = { customer: 'phone', phone: 'phone', monitor: 'ear' }

/** Who takes part in a call of several, and what can be done with each. */
export function Team({ desk, call }: { desk: Desk; call: Call }): JSX.Element {
  const { t, office } = desk
  const { Call } = office.tccc
  const { sessionId } = call
  const waits = customerWaits(call)
  const joined = third(desk, call)
  const talking = joined.some((m) => m.state === 'talking')
  return (
    <section class="panel team" aria-label={t.team.title}>
      <ul aria-live="polite">
        <li>
          <Avatar name={office.user?.name ?? ''} />
          <span class="main">
            {t.team.you}
            <small>{call.muted ? t.calls.mute : t.team.states.talking}</small>
          </span>
        </li>
        {others(desk, call).map((m) => (
          <MemberRow key={m.memberId} desk={desk} call={call} member={m} />
        ))}
      </ul>
      {talking && (
        <div class="actions">
          {waits && (
            <button type="button" class="button" onClick={() => void desk.act(Call.reconnect({ sessionId }))}>
              <Icon name="merge" size={16} />
              {t.team.merge}
            </button>
          )}
          <button type="button" class="button primary" onClick={() => void desk.act(Call.hungUp({ sessionId }))}>
            <Icon name="takeOver" size={16} />
            {t.team.handOver}
          </button>
        </div>
      )}
    </section>
  )
}

function MemberRow({ desk, call, member }: { desk: Desk; call: Call; member: Member }): JSX.Element {
  const { t } = desk
  const { Call } = desk.office.tccc
  const { sessionId } = call
  const { memberId, state, type } = member
  const kinds = { customer: t.team.customer, phone: t.team.outside, agent: '', monitor: '' }
  const label = member.mode ? t.team.modes[member.mode] : t.team.states[state]
  const alone = type === 'customer' && third(desk, call).length === 0
  return (
    <li class={state}>
      <Avatar name={memberName(desk, call, member)} icon={member.skillGroupId && !member.userId ? 'team' : signs[type]} />
      <span class="main">
        {memberName(desk, call, member)}
        <small>
          <span class={`pill ${state === 'talking' ? 'green' : state === 'held' ? 'amber' : 'blue'}`}>{label}</span>
          {kinds[type]}
        </small>
      </span>
      {state === 'held' && (type !== 'customer' || alone) && (
        <button type="button" class="button small" onClick={() => void desk.act(Call.reconnect(type === 'customer' ? { sessionId } : { sessionId, memberId }))}>
          {t.team.takeBack}
        </button>
      )}
      {(type === 'agent' || type === 'phone') && (
        <button type="button" class="button small" onClick={() => void desk.act(Call.kick({ sessionId, memberId }))}>
          {state === 'talking' || state === 'held' ? t.team.kick : t.team.cancel}
        </button>
      )}
    </li>
  )
}
