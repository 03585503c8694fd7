import { useEffect } from 'preact/hooks'
import type { JSX } from 'preact'
import { isBrowserSupported } from '../src/devices'
import { Icon } from '../src/ui/icons'
import type { StepProps } from './app'

/** Looks at the browser and the page; needs nothing of the agent. */
export function BrowserStep({ t, found }: StepProps): JSX.Element {
  const secure = isSecureContext
  const calls = typeof RTCPeerConnection === 'function' && typeof WebSocket === 'function'
  const current = isBrowserSupported(navigator.userAgent, calls)
  const devices = 'mediaDevices' in navigator
  useEffect(() => {
    found(secure && calls && current ? 'good' : 'bad', { secure: String(secure), webrtc: String(calls), 'recent enough': String(current) })
  }, [])
  return (
    <>
      <p>{t.browser.does}</p>
      <ul class="points">
        <Point good={secure} text={t.browser.secure} advice={t.browser.insecure} />
        <Point good={calls && current} text={t.browser.calls} advice={calls ? t.browser.old : t.browser.noCalls} />
        {secure && <Point good={devices} text={t.browser.devices} advice={t.browser.noCalls} />}
      </ul>
    </>
  )
}

function Point({ good, text, advice }: { good: boolean; text: string; advice: string }): JSX.Element {
  return (
    <li class={good ? 'good' : 'bad'}>
      <Icon name={good ? 'check' : 'close'} size={16} />
      <span>
        {text}
        {!good && <small>{advice}</small>}
      </span>
    </li>
  )
}
