import { useEffect, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import type { SeatSettings } from '../types'
import { CheckButton } from './bar'
import { Devices } from './devices'
import { useAsk } from './hooks'
import { Icon } from './icons'
import type { IconName } from './icons'
import { explain } from './model'
import type { Desk } from './model'
import { Failed, Segments, Switch, Waiting } from './parts'
import type { Theme } from './shell'

/** What the agent may set: his devices, where he is rung, how it looks. */
export function SettingsView({ desk }: { desk: Desk }): JSX.Element {
  const { t, shell, office } = desk
  const { disableRingtone = false } = office.prefs.get()
  return (
    <section class="settings">
      <div class="card">
        <h2>{t.settings.sound}</h2>
        <Devices desk={desk} />
        <CheckButton desk={desk} />
      </div>
      <div class="card">
        <h2>{t.settings.seat}</h2>
        <Seat desk={desk} />
      </div>
      <div class="card">
        <h2>{t.settings.alerts}</h2>
        <Switch label={t.settings.ringtone} on={!disableRingtone} onChange={(on) => office.tccc.UI.updateUserCustomSettings({ disableRingtone: !on })} />
        <Notifications desk={desk} />
      </div>
      <div class="card">
        <h2>{t.settings.look}</h2>
        <Segments<Theme>
          label={t.settings.look}
          value={shell.kept.theme}
          onChange={(theme) => shell.keep({ theme })}
          options={(['system', 'light', 'dark'] as const).map((value) => ({ value, text: t.settings.themes[value] }))}
        />
        <Switch label={t.settings.shortcutsOn} on={shell.kept.shortcuts} onChange={(shortcuts) => shell.keep({ shortcuts })} />
        <button type="button" class="link" onClick={() => shell.set({ help: true })}>
          {t.settings.shortcuts}
        </button>
      </div>
    </section>
  )
}

function Notifications({ desk }: { desk: Desk }): JSX.Element | null {
  const { t, office } = desk
  const [, redraw] = useState(0)
  if (typeof Notification === 'undefined') return null
  const { permission } = Notification
  const { disableNotification = false } = office.prefs.get()
  const change = (on: boolean) => {
    office.tccc.UI.updateUserCustomSettings({ disableNotification: !on })
    redraw((n) => n + 1)
    if (on && permission === 'default') void Notification.requestPermission().then(() => redraw((n) => n + 1))
  }
  return <Switch label={t.settings.notifications} on={!disableNotification && permission !== 'denied'} onChange={change} note={permission === 'denied' ? t.settings.notificationsBlocked : undefined} />
}

const seats: { type: 'staffSeat' | 'staffExtensionSeat'; icon: IconName }[] = [
  { type: 'staffSeat', icon: 'browser' },
  { type: 'staffExtensionSeat', icon: 'deskPhone' },
]

/** Where calls ring. What the agent does not have cannot be chosen. */
function Seat({ desk }: { desk: Desk }): JSX.Element {
  const { t, office } = desk
  const asked = useAsk(() => office.files.settings(), [])
  const [seat, setSeat] = useState<SeatSettings>()
  useEffect(() => setSeat(asked.data), [asked.data])
  if (!seat) return asked.error ? <Failed t={t} text={explain(t, asked.error)} again={asked.again} /> : <Waiting t={t} lines={3} />
  const change = async (part: Partial<SeatSettings>) => {
    const before = seat
    setSeat({ ...seat, ...part })
    const done = await desk.act(office.files.settings(part).then(setSeat))
    if (!done) setSeat(before)
  }
  return (
    <>
      <div class="seats" role="radiogroup" aria-label={t.settings.seat}>
        {seats.map(({ type, icon }) => (
          <button type="button" key={type} role="radio" aria-checked={seat.serverType === type} disabled={type === 'staffExtensionSeat' && !seat.extension} onClick={() => void change({ serverType: type })}>
            <Icon name={icon} size={22} />
            <b>{t.settings.seats[type]}</b>
            <small>{seatHint(desk, seat, type)}</small>
          </button>
        ))}
      </div>
      <div class="label">
        <span>
          {t.settings.mobile} <small>{seat.mobile ? seat.mobile.replace(/^0086/, '') : t.settings.noMobile}</small>
        </span>
        {seat.mobile && <Segments label={t.settings.mobile} value={seat.useMobileAccept} onChange={(useMobileAccept) => void change({ useMobileAccept })} options={([0, 1, 2] as const).map((value) => ({ value, text: t.settings.mobileModes[value] ?? '' }))} />}
      </div>
      {seat.mobile && <Switch label={t.settings.mobileOut} on={seat.useMobileCallOut} onChange={(useMobileCallOut) => void change({ useMobileCallOut })} />}
    </>
  )
}

function seatHint(desk: Desk, seat: SeatSettings, type: 'staffSeat' | 'staffExtensionSeat'): string {
  const { seatHints } = desk.t.settings
  if (type === 'staffSeat') return seatHints.staffSeat
  return seat.extension ? seatHints.staffExtensionSeat(seat.extension, seat.extensionOnline ?? false) : seatHints.noExtension
}
