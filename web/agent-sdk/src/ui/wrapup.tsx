import type { JSX } from 'preact'
import { clock } from './format'
import { Icon } from './icons'
import { farName, nextStatus } from './model'
import type { Desk } from './model'
import type { Call } from './office'

/** The time after a call, over the page: how much is left, the way to the form, and the way out. */
export function WrapUp({ desk, call }: { desk: Desk; call: Call | undefined }): JSX.Element | null {
  const { office, shell, t } = desk
  const { status, until } = office.agent.current
  if (!call || status !== 'arrange' || office.sessions.running().length > 0) return null
  const write = () => {
    shell.set({ chosen: call.sessionId })
    shell.open('phone')
  }
  const finish = () => {
    shell.closed.add(call.sessionId)
    void desk.act(office.tccc.Agent.setStatus({ status: nextStatus(office) }))
  }
  return (
    <section class="bars wrapup" aria-label={t.note.title}>
      <div class="bar">
        <div class="row">
          <span class="sign held" aria-hidden="true">
            <Icon name="note" />
          </span>
          <div class="about">
            <div class="who">
              <strong class="number">{t.note.title}</strong>
              <span class="details">
                <span>{farName(desk, call)}</span>
              </span>
            </div>
            {until !== undefined && (
              <div class="state">
                <time role="timer">{clock(until - desk.now)}</time>
              </div>
            )}
          </div>
          <div class="buttons">
            <button type="button" class="button" onClick={write}>
              {t.note.during}
            </button>
            <button type="button" class="button" onClick={() => void desk.act(office.tccc.Agent.setStatus({ status: 'arrange' }))}>
              {t.note.extend}
            </button>
            <button type="button" class="button primary" onClick={finish}>
              {t.status.finish}
            </button>
          </div>
        </div>
      </div>
    </section>
  )
}
