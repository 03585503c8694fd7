import type { JSX } from 'preact'
import { clock } from './format'
import { useAsk } from './hooks'
import { Icon } from './icons'
import type { IconName } from './icons'
import { explain } from './model'
import type { Desk } from './model'
import type { Day } from './office'
import { Empty, Failed, Waiting } from './parts'

/** The agent's day in figures, hour by hour, and where his time went. */
export function DayView({ desk }: { desk: Desk }): JSX.Element {
  const { t, office } = desk
  const ended = office.sessions.list().filter((c) => c.phase === 'ended').length
  const asked = useAsk(() => office.files.day(), [ended])
  const { data } = asked
  if (!data) return asked.error ? <Failed t={t} text={explain(t, asked.error)} again={asked.again} /> : <Waiting t={t} lines={6} />
  const calls = data.callsIn + data.callsOut
  return (
    <section class="day">
      <Figures desk={desk} day={data} />
      {calls + data.missed === 0 ? (
        <Empty icon="chart" text={t.day.empty} />
      ) : (
        <figure class="card">
          <figcaption>
            {t.day.byHour}
            <span class="legend">
              <i class="in" /> {t.day.in} <i class="out" /> {t.day.out} <i class="missed" /> {t.day.missed}
            </span>
          </figcaption>
          <HourBars desk={desk} hours={data.hours} />
        </figure>
      )}
      <figure class="card">
        <figcaption>{t.day.byStatus}</figcaption>
        <StatusBar desk={desk} statuses={data.statuses} />
      </figure>
    </section>
  )
}

function Figures({ desk, day }: { desk: Desk; day: Day }): JSX.Element {
  const { t } = desk
  const calls = day.callsIn + day.callsOut
  const seconds = (n: number) => clock(n * 1000)
  const figures: [string, string, IconName, string?][] = [
    [t.day.in, String(day.callsIn), 'arrowIn'],
    [t.day.out, String(day.callsOut), 'arrowOut'],
    [t.day.missed, String(day.missed), 'missed'],
    [t.day.talk, seconds(day.talkSeconds), 'clock', `${t.day.average} ${seconds(calls > 0 ? day.talkSeconds / calls : 0)}`],
    [t.day.longest, seconds(day.longestSeconds), 'phone'],
  ]
  if (day.satisfaction && day.satisfaction.count > 0) {
    figures.push([t.day.satisfaction, day.satisfaction.average.toFixed(1), 'star', t.day.ratings(day.satisfaction.count)])
  }
  return (
    <dl class="figures">
      {figures.map(([name, value, icon, note]) => (
        <div key={name} class="card">
          <dt>
            <Icon name={icon} size={15} />
            {name}
          </dt>
          <dd>{value}</dd>
          {note && <dd class="fine">{note}</dd>}
        </div>
      ))}
    </dl>
  )
}

const kinds = ['missed', 'out', 'in'] as const

/** The hours between the first and the last call of the day, at least a working day. */
export function hoursShown(hours: Day['hours']): Day['hours'] {
  const some = hours.filter((h) => h.in + h.out + h.missed > 0).map((h) => h.hour)
  const from = Math.min(9, ...some)
  const to = Math.max(17, ...some)
  return Array.from({ length: to - from + 1 }, (_, i) => hours.find((h) => h.hour === from + i) ?? { hour: from + i, in: 0, out: 0, missed: 0 })
}

function HourBars({ desk, hours }: { desk: Desk; hours: Day['hours'] }): JSX.Element {
  const { t } = desk
  const shown = hoursShown(hours)
  const sum = (h: Day['hours'][number]) => h.in + h.out + h.missed
  const most = Math.max(4, ...shown.map(sum))
  const text = shown.map((h) => `${h.hour}: ${t.day.in} ${h.in}, ${t.day.out} ${h.out}, ${t.day.missed} ${h.missed}`).join('; ')
  return (
    <div class="hours" role="img" aria-label={`${t.day.byHour}. ${text}`}>
      {shown.map((h) => (
        <div key={h.hour}>
          <span class="column">
            <b>{sum(h) || ''}</b>
            {kinds.map((kind) => h[kind] > 0 && <i key={kind} class={kind} style={{ height: `${((h[kind] / most) * 100).toFixed(1)}%` }} />)}
          </span>
          <span>{h.hour}</span>
        </div>
      ))}
    </div>
  )
}

function StatusBar({ desk, statuses }: { desk: Desk; statuses: Day['statuses'] }): JSX.Element {
  const { t } = desk
  const known = statuses.filter((s) => s.seconds > 0 && s.status !== 'offline')
  const all = known.reduce((sum, s) => sum + s.seconds, 0) || 1
  return (
    <>
      <div class="stack" aria-hidden="true">
        {known.map((s) => (
          <i key={s.status} class={s.status} style={{ flexGrow: String(Math.max(s.seconds / all, 0.01)) }} />
        ))}
      </div>
      <ul class="stackLegend">
        {known.map((s) => (
          <li key={s.status}>
            <span class={`dot ${s.status}`} />
            {t.status.names[s.status]}
            <b>{clock(s.seconds * 1000)}</b>
            <small>{Math.round((s.seconds / all) * 100)} %</small>
          </li>
        ))}
      </ul>
    </>
  )
}
