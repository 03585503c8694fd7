import { useEffect, useRef, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { asError } from '../errors'
import { useAsk } from './hooks'
import { Icon } from './icons'
import { explain } from './model'
import type { Desk } from './model'
import { tone } from './tone'

/** Microphone and speaker, each with a way to try it. */
export function Devices({ desk }: { desk: Desk }): JSX.Element {
  const { t, office } = desk
  const { sound } = office
  const [turn, again] = useState(0)
  const devices = useAsk(async () => ({ microphones: await sound.microphones(), speakers: await sound.speakers() }), [turn])
  useEffect(() => {
    const { mediaDevices } = navigator as { mediaDevices?: MediaDevices } // absent on insecure pages
    const changed = () => again((n) => n + 1)
    mediaDevices?.addEventListener('devicechange', changed)
    return () => mediaDevices?.removeEventListener('devicechange', changed)
  }, [])
  const { microphones = [], speakers = [] } = devices.data ?? {}
  return (
    <>
      <Choice label={t.settings.microphone} desk={desk} devices={microphones} value={sound.microphoneId} onChange={(id) => void desk.act(sound.chooseMicrophone(id))} />
      <Meter desk={desk} heard={() => again((n) => n + 1)} device={sound.microphoneId} />
      {speakers.length > 0 && <Choice label={t.settings.speaker} desk={desk} devices={speakers} value={sound.speakerId} onChange={(id) => void desk.act(sound.chooseSpeaker(id))} />}
      <button type="button" class="button" onClick={() => void tone(sound.speakerId)}>
        <Icon name="speaker" size={16} />
        {t.settings.testTone}
      </button>
    </>
  )
}

interface ChoiceProps {
  desk: Desk
  label: string
  devices: MediaDeviceInfo[]
  value: string
  onChange: (id: string) => void
}

function Choice({ desk, label, devices, value, onChange }: ChoiceProps): JSX.Element {
  const { t } = desk
  const named = devices.filter((d) => d.deviceId !== '' && d.deviceId !== 'default')
  return (
    <label>
      {label}
      <select value={value} onChange={(e) => onChange(e.currentTarget.value)}>
        <option value="">{t.settings.system}</option>
        {named.map((d, i) => (
          <option key={d.deviceId} value={d.deviceId}>
            {d.label || t.settings.unnamed(i + 1)}
          </option>
        ))}
      </select>
    </label>
  )
}

/** Shows how loud the microphone hears, once the agent has asked for it: the browser's recording sign is on meanwhile. */
function Meter({ desk, heard, device }: { desk: Desk; heard: () => void; device: string }): JSX.Element {
  const { t, office } = desk
  const [on, setOn] = useState(false)
  const [trouble, setTrouble] = useState('')
  const bar = useRef<HTMLElement>(null)
  useEffect(() => {
    if (!on) return
    let over = false
    let frame = 0
    let close = () => {}
    office.sound.meter().then(
      (meter) => {
        if (over) {
          meter.close()
          return
        }
        setTrouble('')
        heard()
        close = () => meter.close()
        const draw = () => {
          bar.current?.style.setProperty('clip-path', `inset(0 ${(100 - 100 * meter.level()).toFixed(1)}% 0 0)`)
          frame = requestAnimationFrame(draw)
        }
        draw()
      },
      (e: unknown) => {
        setTrouble(explain(t, asError(e)))
        setOn(false)
      },
    )
    return () => {
      over = true
      cancelAnimationFrame(frame)
      close()
    }
  }, [on, device])
  return (
    <div class="meterRow">
      <button type="button" class="button small" aria-pressed={on} onClick={() => setOn(!on)}>
        <Icon name="mic" size={15} />
        {t.settings.test}
      </button>
      <div class="meter" role="img" aria-label={t.settings.level}>
        {on && <i ref={bar} />}
      </div>
      {trouble && (
        <p class="fine bad" role="alert">
          {trouble}
        </p>
      )}
    </div>
  )
}
