import type { JSX } from 'preact'
import { CallAlerts, CallSign, CallState, CallTitle, CopyButton, Path, RingingButtons, TalkButtons } from './call'
import { Unfolded } from './bar'
import { Dialer } from './dialer'
import { clock } from './format'
import { farName, farNumber, standing, third } from './model'
import type { Desk } from './model'
import { NoteForm } from './note'
import type { Call } from './office'
import { EarlierCalls, RecentCalls } from './records'
import { Team } from './team'

/** The workbench's first page: the call there is, or the means to make one. */
export function PhoneView({ desk }: { desk: Desk }): JSX.Element {
  const { shell, office } = desk
  const call = shown(desk)
  if (!call || (call.phase === 'ended' && office.agent.status !== 'arrange')) {
    return (
      <div class="idle">
        <Dialer desk={desk} />
        <div class="beside">
          {call && <NoteForm key={call.sessionId} desk={desk} call={call} named />}
          <RecentCalls desk={desk} />
        </div>
      </div>
    )
  }
  const others = onTable(desk)
  return (
    <div class="atWork">
      {others.length > 1 && <Tabs desk={desk} calls={others} current={call} />}
      <div class="callDesk">
        <div class="callSide">
          <CallPane desk={desk} call={call} />
          {!shell.panel(call.sessionId) && third(desk, call).length === 0 && <EarlierCalls key={call.sessionId} desk={desk} call={call} />}
        </div>
        {noted(call) && <NoteForm key={call.sessionId} desk={desk} call={call} />}
      </div>
    </div>
  )
}

/** Whether the agent writes notes about the call. */
export function noted(call: Call): boolean {
  return call.type !== 'internal' && !call.monitor && call.type !== 'monitor' && call.acceptAt > 0
}

/** The calls that lie on the table: those that run, and the one that has just ended until its form is put away. */
function onTable(desk: Desk): Call[] {
  const running = desk.office.sessions.running()
  const last = wrapping(desk)
  return last ? [...running, last] : running
}

/** The ended call whose form is still open: the last one, unless it has been put away. */
export function wrapping(desk: Desk): Call | undefined {
  const ended = desk.office.sessions.list().filter((c) => c.phase === 'ended' && noted(c))
  const last = ended[ended.length - 1]
  return last && !desk.shell.closed.has(last.sessionId) ? last : undefined
}

/** The call that the page shows: the chosen one, else one that talks, else any. */
export function shown(desk: Desk): Call | undefined {
  const calls = onTable(desk)
  return calls.find((c) => c.sessionId === desk.shell.chosen) ?? calls.find((c) => c.phase === 'talking') ?? calls[0]
}

function Tabs({ desk, calls, current }: { desk: Desk; calls: Call[]; current: Call }): JSX.Element {
  return (
    <div class="tabs" role="group" aria-label={desk.t.calls.several(calls.length)}>
      {calls.map((c) => (
        <button type="button" key={c.sessionId} class={c.phase} aria-current={c === current} onClick={() => desk.shell.set({ chosen: c.sessionId })}>
          <strong>{farName(desk, c)}</strong>
          <span>{standing(desk, c)}</span>
        </button>
      ))}
    </div>
  )
}

function CallPane({ desk, call }: { desk: Desk; call: Call }): JSX.Element {
  const ringing = call.phase === 'ringing'
  return (
    <section class={`pane ${call.phase}`} aria-label={farName(desk, call)}>
      <div class="paneHead">
        <CallSign call={call} />
        <CallTitle desk={desk} call={call} />
        <CopyButton desk={desk} text={farNumber(call)} />
        <CallState desk={desk} call={call} />
      </div>
      <Path desk={desk} call={call} />
      <CallAlerts desk={desk} call={call} />
      {ringing && <RingingButtons desk={desk} call={call} />}
      {call.phase === 'ended' && <Ended desk={desk} call={call} />}
      {!ringing && call.phase !== 'ended' && (
        <>
          <TalkButtons desk={desk} call={call} />
          <Unfolded desk={desk} call={call} />
          {third(desk, call).length > 0 && desk.shell.panel(call.sessionId) !== 'team' && <Team desk={desk} call={call} />}
        </>
      )}
    </section>
  )
}

function Ended({ desk, call }: { desk: Desk; call: Call }): JSX.Element {
  const { t } = desk
  return (
    <dl class="facts">
      <div>
        <dt>{t.watch.time}</dt>
        <dd>{clock(call.endAt - call.acceptAt)}</dd>
      </div>
      <div>
        <dt>{call.direction === 'in' ? t.records.in : t.records.out}</dt>
        <dd>{new Date(call.acceptAt).toLocaleTimeString(desk.lang, { hour12: false })}</dd>
      </div>
    </dl>
  )
}
