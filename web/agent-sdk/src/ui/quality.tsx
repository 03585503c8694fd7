import type { JSX } from 'preact'
import type { Desk } from './model'
import type { NetworkQuality } from '../types'

/** Bars lit for each grade: five for an excellent network, none for one that is down. */
const lit = [0, 5, 4, 3, 2, 1, 0]

/** The network's quality as five bars, in words for who hovers or listens. */
export function Quality({ desk, grade }: { desk: Desk; grade: NetworkQuality }): JSX.Element | null {
  if (grade === 0) return null
  const { t } = desk
  const words = `${t.quality.title}: ${t.quality.grades[grade] ?? ''}`
  const bars = lit[grade] ?? 0
  return (
    <span class={`quality g${grade}`} role="img" aria-label={words} title={words}>
      <svg width="20" height="14" viewBox="0 0 20 14" aria-hidden="true">
        {[0, 1, 2, 3, 4].map((i) => (
          <rect key={i} x={i * 4} y={10 - i * 2.5} width="3" height={4 + i * 2.5} rx="1" class={i < bars ? 'lit' : ''} />
        ))}
        {grade === 6 && <path d="M1 1l18 12" stroke-width="1.600" />}
      </svg>
    </span>
  )
}
