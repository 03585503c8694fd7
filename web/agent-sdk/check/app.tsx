import { useEffect, useMemo, useState } from 'preact/hooks'
import type { ComponentChildren, JSX } from 'preact'
import { Icon } from '../src/ui/icons'
import type { IconName } from '../src/ui/icons'
import { BrowserStep } from './browser'
import { MicrophoneStep } from './microphone'
import { NetworkStep } from './networkStep'
import { nothing, report, steps, verdict } from './report'
import type { Finding, Findings, Standing, Step } from './report'
import { SpeakerStep } from './speaker'
import { words } from './words'
import type { Words } from './words'

/** What a step gets: the words, a way to tell what it found. */
export interface StepProps {
  t: Words
  finding: Finding
  found: (standing: Standing, facts?: Record<string, string>) => void
}

const signs: Record<Step, IconName> = { browser: 'browser', microphone: 'mic', speaker: 'speaker', network: 'globe' }
const parts: Record<Step, (props: StepProps) => JSX.Element> = { browser: BrowserStep, microphone: MicrophoneStep, speaker: SpeakerStep, network: NetworkStep }

/** The whole page: four steps, each with a picture, and what follows from them. */
export function App(): JSX.Element {
  const [lang, setLang] = useState<'zh' | 'en'>(() => language())
  const t = words(lang)
  const [findings, set] = useState<Findings>(nothing)
  useEffect(() => {
    document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en'
    document.title = t.title
  }, [lang])
  const tell = useMemo(() => {
    const of = (step: Step) => (standing: Standing, facts: Record<string, string> = {}) => set((f) => ({ ...f, [step]: { standing, facts } }))
    return { browser: of('browser'), microphone: of('microphone'), speaker: of('speaker'), network: of('network') }
  }, [])
  return (
    <main>
      <header>
        <span class="logo" aria-hidden="true">
          <Icon name="headset" size={24} />
        </span>
        <div>
          <h1>{t.title}</h1>
          <p>{t.intro}</p>
        </div>
        <button type="button" class="link" onClick={() => setLang(lang === 'zh' ? 'en' : 'zh')}>
          {t.language}
        </button>
      </header>
      <ol class="progress">
        {steps.map((step) => (
          <li key={step} class={findings[step].standing}>
            <Mark standing={findings[step].standing} />
            {t.steps[step]}
          </li>
        ))}
      </ol>
      {steps.map((step) => {
        const Part = parts[step]
        return (
          <Card key={step} t={t} step={step} standing={findings[step].standing}>
            <Part t={t} finding={findings[step]} found={tell[step]} />
          </Card>
        )
      })}
      <Verdict t={t} findings={findings} />
    </main>
  )
}

function language(): 'zh' | 'en' {
  const wanted = new URLSearchParams(location.search).get('lang') ?? navigator.language
  return wanted.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

const marks: Record<Standing, IconName | undefined> = { idle: undefined, busy: 'refresh', good: 'check', fair: 'info', bad: 'close' }

function Mark({ standing }: { standing: Standing }): JSX.Element {
  const name = marks[standing]
  return (
    <i class={`mark ${standing}`} aria-hidden="true">
      {name && <Icon name={name} size={14} />}
    </i>
  )
}

function Card({ t, step, standing, children }: { t: Words; step: Step; standing: Standing; children: ComponentChildren }): JSX.Element {
  return (
    <section class={`card ${standing}`} aria-labelledby={step} data-step={step} data-standing={standing}>
      <span class="picture" aria-hidden="true">
        <Icon name={signs[step]} size={34} />
      </span>
      <div class="inside">
        <div class="head">
          <h2 id={step}>{t.steps[step]}</h2>
          <span class={`pill ${standing}`} role="status">
            <Mark standing={standing} />
            {t.states[standing]}
          </span>
        </div>
        {children}
      </div>
    </section>
  )
}

function Verdict({ t, findings }: { t: Words; findings: Findings }): JSX.Element {
  const { standing, open } = verdict(findings)
  const [copied, setCopied] = useState(false)
  const text = report(findings, { at: new Date().toISOString(), agent: navigator.userAgent, page: location.origin })
  const copy = async () => {
    const { clipboard } = navigator as { clipboard?: Clipboard } // absent on insecure pages
    await clipboard?.writeText(text).then(
      () => setCopied(true),
      () => undefined,
    )
  }
  return (
    <section class={`card verdict ${standing}`} aria-labelledby="verdict" data-standing={standing}>
      <span class="picture" aria-hidden="true">
        <Icon name={standing === 'good' ? 'check' : standing === 'bad' ? 'warning' : 'info'} size={34} />
      </span>
      <div class="inside">
        <h2 id="verdict">{t.verdict.title}</h2>
        <p role="status">{standing === 'idle' ? t.verdict.open(open) : t.verdict[standing as 'good']}</p>
        <details>
          <summary>{t.verdict.report}</summary>
          <pre>{text}</pre>
        </details>
        <button type="button" class="button" onClick={() => void copy()}>
          <Icon name={copied ? 'check' : 'copy'} size={16} />
          {copied ? t.verdict.copied : t.verdict.copy}
        </button>
      </div>
    </section>
  )
}
