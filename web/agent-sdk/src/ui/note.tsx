import { useEffect, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { clock } from './format'
import { useAsk } from './hooks'
import { Icon } from './icons'
import { explain, farName, farNumber, nextStatus } from './model'
import type { Desk } from './model'
import type { Call, Note } from './office'
import { Failed, IconButton, Segments, Waiting } from './parts'

/** What the agent writes about a call, while he talks and in the time after it. */
export function NoteForm({ desk, call, named }: { desk: Desk; call: Call; named?: boolean }): JSX.Element {
  const { t, office } = desk
  const { sessionId } = call
  const asked = useAsk(() => office.files.note(sessionId), [sessionId])
  const [note, setNote] = useState<Note>({ category: '', resolved: false, text: '' })
  const [remark, setRemark] = useState(call.remark)
  const [saved, setSaved] = useState<'no' | 'busy' | 'yes'>('no')
  const { data } = asked
  useEffect(() => {
    if (!data) return
    setNote({ category: data.category, resolved: data.resolved, text: data.text })
    setRemark(data.remark ?? call.remark)
  }, [data])
  const change = (part: Partial<Note>) => {
    setNote({ ...note, ...part })
    setSaved('no')
  }
  const save = async (): Promise<boolean> => {
    setSaved('busy')
    const work = [office.files.putNote(sessionId, note)]
    if (remark !== (data?.remark ?? call.remark)) work.push(office.files.putContact(farNumber(call), remark))
    const done = await desk.act(Promise.all(work))
    setSaved(done ? 'yes' : 'no')
    return done
  }
  const over = call.phase === 'ended'
  return (
    <form
      class="note"
      aria-label={over ? t.note.title : t.note.during}
      onSubmit={(e) => {
        e.preventDefault()
        void save()
      }}
    >
      <NoteHead desk={desk} call={call} named={named} />
      {asked.loading && !data ? (
        <Waiting t={t} lines={5} />
      ) : asked.error && !data ? (
        <Failed t={t} text={explain(t, asked.error)} again={asked.again} />
      ) : (
        <div class="fields">
          {(data?.categories ?? []).length > 0 && (
            <label>
              {t.note.category}
              <select value={note.category} onChange={(e) => change({ category: e.currentTarget.value })}>
                <option value="">{t.note.noCategory}</option>
                {data?.categories?.map((c) => (
                  <option key={c} value={c}>
                    {c}
                  </option>
                ))}
              </select>
            </label>
          )}
          <div class="label">
            {t.note.resolved}
            <Segments
              label={t.note.resolved}
              value={note.resolved ? 'yes' : 'no'}
              onChange={(v) => change({ resolved: v === 'yes' })}
              options={[
                { value: 'yes', text: t.note.yes },
                { value: 'no', text: t.note.no },
              ]}
            />
          </div>
          <label class="grow">
            {t.note.text}
            <textarea value={note.text} maxLength={2000} onInput={(e) => change({ text: e.currentTarget.value })} />
          </label>
          <label>
            {t.note.remark}
            <input
              value={remark}
              maxLength={100}
              placeholder={t.note.remarkHint}
              onInput={(e) => {
                setRemark(e.currentTarget.value)
                setSaved('no')
              }}
            />
          </label>
        </div>
      )}
      <NoteButtons desk={desk} call={call} saved={saved} save={save} />
    </form>
  )
}

function NoteHead({ desk, call, named }: { desk: Desk; call: Call; named?: boolean }): JSX.Element {
  const { t, office, shell } = desk
  const over = call.phase === 'ended'
  const { status, until } = office.agent.current
  const counting = over && status === 'arrange' && until !== undefined
  const put = () => {
    shell.closed.add(call.sessionId)
    shell.set({ chosen: '' })
  }
  return (
    <div class="noteHead">
      <h2>
        {over ? t.note.title : t.note.during} {named && <small>{farName(desk, call)}</small>}
      </h2>
      {counting && (
        <time class="remaining" role="timer" aria-label={t.note.remaining}>
          {clock(until - desk.now)}
        </time>
      )}
      {over && <IconButton icon="close" label={t.note.skip} size={16} onClick={put} />}
    </div>
  )
}

function NoteButtons({ desk, call, saved, save }: { desk: Desk; call: Call; saved: 'no' | 'busy' | 'yes'; save: () => Promise<boolean> }): JSX.Element {
  const { t, office, shell } = desk
  const { status } = office.agent.current
  const over = call.phase === 'ended'
  const finish = async () => {
    if (!(await save())) return
    shell.closed.add(call.sessionId)
    shell.set({ chosen: '' })
    if (status === 'arrange') void desk.act(office.tccc.Agent.setStatus({ status: nextStatus(office) }))
  }
  return (
    <div class="actions">
      {over && status === 'arrange' && (
        <button type="button" class="button" onClick={() => void desk.act(office.tccc.Agent.setStatus({ status: 'arrange' }))}>
          <Icon name="clock" size={16} />
          {t.note.extend}
        </button>
      )}
      {over ? (
        <button type="button" class="button primary" disabled={saved === 'busy'} onClick={() => void finish()}>
          <Icon name="check" size={16} />
          {status === 'arrange' ? t.note.finish : t.note.save}
        </button>
      ) : (
        <button type="submit" class="button" disabled={saved !== 'no'}>
          {saved === 'yes' && <Icon name="check" size={16} />}
          {saved === 'yes' ? t.note.saved : t.note.save}
        </button>
      )}
    </div>
  )
}
