import { useEffect, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { devices } from './sound'
import type { Words } from './words'

interface Props {
  t: Words
  kind: 'audioinput' | 'audiooutput'
  value: string
  onChange: (id: string) => void
}

/** A choice of devices, kept up when one is plugged in. Where there is nothing to choose, nothing is shown. */
export function Devices({ t, kind, value, onChange }: Props): JSX.Element | null {
  const [list, set] = useState<MediaDeviceInfo[]>([])
  useEffect(() => {
    const { mediaDevices } = navigator as { mediaDevices?: MediaDevices } // absent on insecure pages
    const look = () => void devices(kind).then(set)
    look()
    mediaDevices?.addEventListener('devicechange', look)
    return () => mediaDevices?.removeEventListener('devicechange', look)
  }, [kind])
  if (list.length === 0) return null
  return (
    <label>
      {t.device}
      <select value={value} onChange={(e) => onChange(e.currentTarget.value)}>
        <option value="">{t.system}</option>
        {list.map((d, i) => (
          <option key={d.deviceId} value={d.deviceId}>
            {d.label || t.unnamed(i + 1)}
          </option>
        ))}
      </select>
    </label>
  )
}
