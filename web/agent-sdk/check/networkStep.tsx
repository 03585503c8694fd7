import { useEffect, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import type { StepProps } from './app'
import { Blocked, mayHum, measure } from './network'
import type { Measured, Obstacle } from './network'
import { standingOf } from './report'

/** Measures the way to the server; it begins by itself where browsers let pages make sound without a click. */
export function NetworkStep({ t, finding, found }: StepProps): JSX.Element {
  const [measured, setMeasured] = useState<Measured>()
  const [obstacle, setObstacle] = useState<Obstacle>()
  const begin = async () => {
    setMeasured(undefined)
    setObstacle(undefined)
    found('busy')
    try {
      const result = await measure(new URLSearchParams(location.search).get('ticket') ?? '')
      setMeasured(result)
      found(standingOf(result), facts(result))
    } catch (e) {
      const blocked = e instanceof Blocked ? e : new Blocked('noServer', String(e))
      setObstacle(blocked.obstacle)
      found('bad', { trouble: blocked.message, ...(blocked.messages >= 0 && { 'messages, ms': String(blocked.messages) }) })
    }
  }
  useEffect(() => {
    void mayHum().then((may) => (may ? begin() : undefined))
  }, [])
  const busy = finding.standing === 'busy'
  return (
    <>
      <p>{t.network.does}</p>
      {busy && (
        <div class="running" aria-hidden="true">
          <i />
        </div>
      )}
      {measured && <Figures t={t} measured={measured} />}
      {measured && measured.grade >= 3 && <p class="bad">{measured.grade === 6 ? t.network.noSound : t.network.slow}</p>}
      {measured?.way === 'tcp' && <p class="bad">{t.network.tcp}</p>}
      {obstacle && (
        <p class="bad" role="alert">
          {t.network[obstacle]}
        </p>
      )}
      <div class="actions">
        <button type="button" class={`button ${finding.standing === 'idle' ? 'primary' : ''}`} disabled={busy} onClick={() => void begin()}>
          {finding.standing === 'idle' ? t.start : t.again}
        </button>
      </div>
    </>
  )
}

function facts(m: Measured): Record<string, string> {
  return { 'messages, ms': String(m.messages), 'sound, ms': String(m.rtt), 'lost, %': String(m.loss), 'jitter, ms': String(m.jitter), way: m.way, grade: String(m.grade) }
}

function Figures({ t, measured }: { t: StepProps['t']; measured: Measured }): JSX.Element {
  const { network } = t
  const ms = (value: number) => (value < 0 ? '–' : `${value} ms`)
  const rows: [string, string][] = [
    [network.messages, ms(measured.messages)],
    [network.sound, ms(measured.rtt)],
    [network.loss, `${measured.loss} %`],
    [network.jitter, ms(measured.jitter)],
    [network.by, network.ways[measured.way] ?? '–'],
  ]
  return (
    <>
      <p class={`grade g${measured.grade}`}>{network.grades[measured.grade]}</p>
      <dl class="figures">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}
