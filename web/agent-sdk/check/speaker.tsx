import { useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { Icon } from '../src/ui/icons'
import { tone } from '../src/ui/tone'
import type { StepProps } from './app'
import { Devices } from './devicesChoice'

/** Plays notes; only the agent knows whether he heard them. */
export function SpeakerStep({ t, finding, found }: StepProps): JSX.Element {
  const [device, setDevice] = useState('')
  const [state, setState] = useState<'idle' | 'playing' | 'asking' | 'failed'>('idle')
  const play = async () => {
    setState('playing')
    found('busy')
    const played = await tone(device)
    setState(played ? 'asking' : 'failed')
    if (!played) found('bad', { trouble: 'no sound can be played' })
  }
  const say = (heard: boolean) => {
    setState('idle')
    found(heard ? 'good' : 'bad', { heard: String(heard) })
  }
  return (
    <>
      <p>{t.speaker.does}</p>
      <Devices t={t} kind="audiooutput" value={device} onChange={setDevice} />
      {state === 'asking' && (
        <div class="question" role="group" aria-label={t.speaker.heard}>
          <b>{t.speaker.heard}</b>
          <button type="button" class="button primary" onClick={() => say(true)} ref={(b) => b?.focus()}>
            {t.speaker.yes}
          </button>
          <button type="button" class="button" onClick={() => say(false)}>
            {t.speaker.no}
          </button>
        </div>
      )}
      {state === 'idle' && finding.standing === 'good' && <p class="good">{t.speaker.good}</p>}
      {state === 'idle' && finding.standing === 'bad' && <p class="bad">{t.speaker.bad}</p>}
      {state === 'failed' && <p class="bad">{t.speaker.failed}</p>}
      <div class="actions">
        <button type="button" class={`button ${finding.standing === 'idle' ? 'primary' : ''}`} disabled={state === 'playing'} onClick={() => void play()}>
          <Icon name="speaker" size={16} />
          {state === 'playing' ? t.speaker.playing : t.speaker.play}
        </button>
      </div>
    </>
  )
}
