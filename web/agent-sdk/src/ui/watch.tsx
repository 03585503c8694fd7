import { useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { clock, phone } from './format'
import { useAsk, useEvery } from './hooks'
import { Icon } from './icons'
import type { IconName } from './icons'
import { colleague, explain } from './model'
import type { Desk } from './model'
import type { MonitorMode } from '../types'
import type { Call, RunningCall } from './office'
import { Avatar, Empty, Failed, Waiting } from './parts'
import { useWatchedRoster } from './people'

/** How often the list of running calls is asked for anew. */
const pace = 3_000

const modes: { mode: MonitorMode; icon: IconName }[] = [
  { mode: 'listen', icon: 'ear' },
  { mode: 'whisper', icon: 'whisper' },
  { mode: 'barge', icon: 'join' },
]

/** The calls that run now, for those who may listen in. */
export function WatchView({ desk }: { desk: Desk }): JSX.Element {
  const { t, office } = desk
  useWatchedRoster(desk)
  const asked = useAsk(() => office.files.running(), [])
  useEvery(pace, asked.again)
  if (!asked.data) return asked.error ? <Failed t={t} text={explain(t, asked.error)} again={asked.again} /> : <Waiting t={t} lines={5} />
  const mine = office.sessions.running().find((c) => c.monitor)
  const calls = asked.data.filter((c) => c.userId !== office.user?.userId)
  return (
    <section class="watch">
      {asked.error && <Failed t={t} text={explain(t, asked.error)} again={asked.again} />}
      {calls.length === 0 ? (
        <Empty icon="watch" text={t.watch.empty} />
      ) : (
        <ul class="rows">
          {calls.map((c) => (
            <Running key={`${c.sessionId} ${c.userId}`} desk={desk} call={c} mine={mine?.sessionId === c.sessionId ? mine : undefined} other={mine !== undefined} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Running({ desk, call, mine, other }: { desk: Desk; call: RunningCall; mine: Call | undefined; other: boolean }): JSX.Element {
  const { t, office } = desk
  const { sessionId } = call
  const name = call.agentName || colleague(desk, call.userId)
  const talks = call.acceptAt !== undefined && call.acceptAt > 0
  const able = talks && (mine !== undefined || !other)
  const watch = (mode: MonitorMode) => void desk.act(office.tccc.Call.monitor({ sessionId, mode }))
  return (
    <li class={mine ? 'mine' : ''}>
      <Avatar name={name} />
      <span class="main">
        <b>{name}</b>
        <small>
          <Icon name={call.direction === 0 ? 'arrowIn' : 'arrowOut'} size={13} /> {phone(call.direction === 0 ? call.callerPhoneNumber : call.calleePhoneNumber)}
        </small>
      </span>
      <span class="when">
        <span class={`pill ${talks ? 'green' : 'blue'}`}>{t.watch.states[call.status] ?? call.status}</span>
        <time>{clock(desk.now - (call.acceptAt ?? call.startAt))}</time>
      </span>
      <span class="modes">
        {call.monitoredBy && !mine && <small>{t.watch.monitoredBy(call.monitoredBy.split(',').map((id) => colleague(desk, id)).join(', '))}</small>}
        {modes.map(({ mode, icon }) => (
          <button
            type="button"
            key={mode}
            class={`button small ${mine?.monitor === mode ? 'on' : ''}`}
            aria-pressed={mine?.monitor === mode}
            aria-label={`${t.watch[mode as 'listen']}: ${name}`}
            title={t.watch.hints[mode]}
            disabled={!able}
            onClick={() => watch(mode)}
          >
            <Icon name={icon} size={15} />
            <span>{t.watch[mode as 'listen']}</span>
          </button>
        ))}
      </span>
      {mine && <Watched desk={desk} call={mine} name={name} />}
    </li>
  )
}

/** What the supervisor does now, and how he ends it: by leaving, or by taking the call over. */
function Watched({ desk, call, name }: { desk: Desk; call: Call; name: string }): JSX.Element {
  const { t, office } = desk
  const [asking, ask] = useState(false)
  const { sessionId } = call
  return (
    <div class="watched">
      <span>{asking ? t.watch.confirm(name) : t.watch.hints[call.monitor ?? 'listen']}</span>
      {asking ? (
        <>
          <button type="button" class="button small" onClick={() => ask(false)}>
            {t.team.cancel}
          </button>
          <button type="button" class="button small danger" onClick={() => void desk.act(office.tccc.Call.intercept({ sessionId })).then(() => ask(false))}>
            {t.watch.takeOver}
          </button>
        </>
      ) : (
        <>
          {(call.monitor === 'whisper' || call.monitor === 'barge') && (
            <button type="button" class="button small" aria-pressed={call.muted} onClick={() => void desk.act(call.muted ? office.tccc.Call.unmuteMic({ sessionId }) : office.tccc.Call.muteMic({ sessionId }))}>
              <Icon name={call.muted ? 'micOff' : 'mic'} size={15} />
              {call.muted ? t.calls.unmute : t.calls.mute}
            </button>
          )}
          <button type="button" class="button small" onClick={() => ask(true)}>
            <Icon name="takeOver" size={15} />
            {t.watch.takeOver}
          </button>
          <button type="button" class="button small danger" onClick={() => void desk.act(office.tccc.Call.hungUp({ sessionId }))}>
            <Icon name="hangUp" size={15} />
            {t.watch.stop}
          </button>
        </>
      )}
    </div>
  )
}
