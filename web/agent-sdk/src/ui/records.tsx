import { useEffect, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { clock, moment, phone } from './format'
import { useAsk } from './hooks'
import { Icon } from './icons'
import { colleague, explain, farNumber } from './model'
import type { Desk } from './model'
import type { Call, PastCall } from './office'
import { Empty, Failed, IconButton, Search, Segments, Waiting } from './parts'

type Kind = 'all' | 'missed'

/** How many rows come at a time. */
const page = 50

/** The agent's past calls: all or missed, searched, called back with one click. */
export function RecordsView({ desk }: { desk: Desk }): JSX.Element {
  const { t, shell } = desk
  const [kind, setKind] = useState<Kind>(shell.missed > 0 ? 'missed' : 'all')
  const [typed, setTyped] = useState('')
  useEffect(() => {
    shell.keep({ seen: Date.now() })
    shell.set({ missed: 0 })
  }, [kind])
  return (
    <section class="records">
      <div class="tools">
        <Segments
          label={t.records.title}
          value={kind}
          onChange={setKind}
          options={[
            { value: 'all', text: t.records.all },
            { value: 'missed', text: t.records.missed },
          ]}
        />
        <Search label={t.records.search} value={typed} onInput={setTyped} />
      </div>
      <RecordList key={kind} desk={desk} kind={kind} typed={typed} />
    </section>
  )
}

function RecordList({ desk, kind, typed }: { desk: Desk; kind: Kind; typed: string }): JSX.Element {
  const { t, office } = desk
  const [older, setOlder] = useState<{ records: PastCall[]; before?: string }>({ records: [] })
  const [more, setMore] = useState(false)
  const ended = office.sessions.list().filter((c) => c.phase === 'ended').length
  const first = useAsk(() => office.files.records({ kind, limit: page }), [kind, ended])
  if (!first.data) return first.error ? <Failed t={t} text={explain(t, first.error)} again={first.again} /> : <Waiting t={t} lines={7} />
  const seen = new Set(first.data.records.map((r) => r.sessionId))
  const all = [...first.data.records, ...older.records.filter((r) => !seen.has(r.sessionId))]
  const before = older.records.length > 0 ? older.before : first.data.before
  const rows = all.filter((r) => isMeant(desk, r, typed))
  const load = async () => {
    setMore(true)
    await desk.act(
      office.files.records({ kind, before, limit: page }).then((next) => {
        setOlder({ records: [...older.records, ...next.records], before: next.before })
      }),
    )
    setMore(false)
  }
  if (all.length === 0) return <Empty icon={kind === 'missed' ? 'check' : 'phone'} text={kind === 'missed' ? t.records.emptyMissed : t.records.empty} />
  return (
    <>
      {rows.length === 0 && <Empty icon="search" text={t.records.noMatch} />}
      <ul class="rows">
        {rows.map((r) => (
          <Row key={r.sessionId} desk={desk} record={r} />
        ))}
      </ul>
      {before && (
        <button type="button" class="button center" disabled={more} onClick={() => void load()}>
          {more ? t.common.loading : t.records.more}
        </button>
      )}
    </>
  )
}

/** Whether a past call is meant by what was typed: digits find numbers however they are written. */
export function isMeant(desk: Desk, record: PastCall, typed: string): boolean {
  const wanted = typed.trim().toLowerCase()
  if (!wanted) return true
  const digits = wanted.replace(/\D/g, '')
  const number = farEnd(record)
  if (digits && number.replace(/\D/g, '').includes(digits)) return true
  const words = [record.remark, record.location, record.skillGroupName, record.category, record.peerUserId && peer(desk, record)]
  return words.some((w) => w?.toLowerCase().includes(wanted))
}

/** The colleague of an internal call. */
function peer(desk: Desk, record: PastCall): string {
  return record.peerName ?? colleague(desk, record.peerUserId ?? '')
}

/** The last calls, beside the dial pad. */
export function RecentCalls({ desk }: { desk: Desk }): JSX.Element {
  const { t, office, shell } = desk
  const ended = office.sessions.list().filter((c) => c.phase === 'ended').length
  const asked = useAsk(() => office.files.records({ kind: 'all', limit: 12 }), [ended])
  return (
    <section class="recent" aria-label={t.records.recent}>
      <h2>
        {t.records.recent}
        <button type="button" class="link" onClick={() => shell.set({ view: 'records' })}>
          {t.records.more}
        </button>
      </h2>
      {asked.data ? (
        asked.data.records.length > 0 ? (
          <ul class="rows">
            {asked.data.records.map((r) => (
              <Row key={r.sessionId} desk={desk} record={r} />
            ))}
          </ul>
        ) : (
          <Empty icon="phone" text={t.records.empty} />
        )
      ) : asked.error ? (
        <Failed t={t} text={explain(t, asked.error)} again={asked.again} />
      ) : (
        <Waiting t={t} lines={6} />
      )}
    </section>
  )
}

/** How many of a customer's earlier calls are shown. */
const earlier = 4

/** The agent's earlier calls with the one he talks to; nothing, when there are none. */
export function EarlierCalls({ desk, call }: { desk: Desk; call: Call }): JSX.Element | null {
  const number = farNumber(call)
  const asked = useAsk(() => desk.office.files.records({ kind: 'all', limit: page }), [])
  const rows = (asked.data?.records ?? []).filter((r) => r.sessionId !== call.sessionId && number !== '' && farEnd(r) === number)
  if (rows.length === 0) return null
  return (
    <section class="earlier" aria-label={desk.t.records.before}>
      <h2>{desk.t.records.before}</h2>
      <ul class="rows">
        {rows.slice(0, earlier).map((r) => (
          <Row key={r.sessionId} desk={desk} record={r} />
        ))}
      </ul>
    </section>
  )
}

/** The far end's number of a past call. */
function farEnd(record: PastCall): string {
  return record.direction === 0 ? record.callerPhoneNumber : record.calleePhoneNumber
}

function Row({ desk, record }: { desk: Desk; record: PastCall }): JSX.Element {
  const { t, office } = desk
  const number = farEnd(record)
  const name = record.peerUserId ? peer(desk, record) : record.remark || phone(number)
  const details = [name === phone(number) || record.peerUserId ? '' : phone(number), record.location, record.skillGroupName, record.category].filter((s) => s)
  const way = record.missed ? t.records.missed : record.direction === 0 ? t.records.in : t.records.out
  const busy = office.sessions.running().length > 0
  const back = () => {
    const { Call } = office.tccc
    void desk.act(record.peerUserId ? Call.startInternalCall({ calleeUserId: record.peerUserId }) : Call.startOutboundCall({ phoneNumber: number }))
  }
  return (
    <li class={record.missed ? 'missed' : ''}>
      <span class={`way ${record.missed ? 'missed' : record.direction === 0 ? 'in' : 'out'}`} title={way} role="img" aria-label={way}>
        <Icon name={record.missed ? 'missed' : record.direction === 0 ? 'arrowIn' : 'arrowOut'} size={16} />
      </span>
      <span class="main">
        <b>{name}</b>
        <small>{details.join(' · ')}</small>
      </span>
      <span class="when">
        <time>{moment(record.startAt, desk.now, t.records, desk.lang)}</time>
        <small>{record.duration > 0 ? clock(record.duration * 1000) : record.missed ? t.records.missed : t.records.unanswered}</small>
      </span>
      <IconButton icon="phone" label={`${t.records.callBack} ${name}`} size={16} kind="callBack" disabled={busy || (!number && !record.peerUserId)} onClick={back} />
    </li>
  )
}
