import { useRef, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { phone } from './format'
import { useAsk } from './hooks'
import { Icon } from './icons'
import { Keypad } from './keypad'
import type { Desk } from './model'
import type { CallerNumber } from './office'
import { IconButton } from './parts'

/** The dial pad, with the choice of the number that is shown and the group the call is for. */
export function Dialer({ desk }: { desk: Desk }): JSX.Element {
  const { office, t } = desk
  const [number, setNumber] = useState('')
  const [from, setFrom] = useState('')
  const [group, setGroup] = useState('')
  const numbers = useAsk(() => office.files.numbers(), [])
  const input = useRef<HTMLInputElement>(null)
  const busy = office.sessions.running().length > 0
  const call = async (e: Event) => {
    e.preventDefault()
    if (number.trim() === '' || busy) return
    const done = await desk.act(office.tccc.Call.startOutboundCall({ phoneNumber: number.trim(), callerPhoneNumber: from || undefined, skillGroupId: group || undefined }))
    if (done) setNumber('')
  }
  const press = (key: string) => setNumber((n) => n + key)
  const groups = office.user?.skillGroups ?? []
  return (
    <form class="dialer" onSubmit={(e) => void call(e)} aria-label={t.dial.title}>
      <div class="dialField">
        <input ref={input} type="tel" value={number} maxLength={40} autocomplete="off" placeholder={t.dial.number} aria-label={t.dial.number} onInput={(e) => setNumber(e.currentTarget.value)} />
        {number !== '' && <IconButton icon="erase" label={t.dial.remove} onClick={() => setNumber(number.slice(0, -1))} />}
      </div>
      <Keypad label={t.dial.title} onKey={press} />
      {(numbers.data ?? []).length > 0 && (
        <label class="pick">
          <span>{t.dial.from}</span>
          <select value={from} onChange={(e) => setFrom(e.currentTarget.value)}>
            <option value="">{t.dial.anyNumber}</option>
            {numbers.data?.map((n) => (
              <option key={n.number} value={n.number}>
                {caption(n)}
              </option>
            ))}
          </select>
        </label>
      )}
      {groups.length > 1 && (
        <label class="pick">
          <span>{t.dial.group}</span>
          <select value={group} onChange={(e) => setGroup(e.currentTarget.value)}>
            <option value="">{t.dial.anyGroup}</option>
            {groups.map((g) => (
              <option key={g.skillGroupId} value={String(g.skillGroupId)}>
                {g.skillGroupName}
              </option>
            ))}
          </select>
        </label>
      )}
      <button type="submit" class="dialCall" title={busy ? t.dial.busy : undefined} disabled={busy || number.trim() === ''}>
        <Icon name="phone" size={18} />
        {t.dial.call}
      </button>
    </form>
  )
}

function caption(n: CallerNumber): string {
  return [phone(n.number), n.location, n.remark].filter((s) => s).join(' · ')
}
