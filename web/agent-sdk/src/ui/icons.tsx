import type { JSX } from 'preact'

const paths = {
  headset: 'M4 14v-2a8 8 0 0 1 16 0v2M4 14a2 2 0 0 1 2-2h1v6H6a2 2 0 0 1-2-2zM20 14a2 2 0 0 0-2-2h-1v6h1a2 2 0 0 0 2-2zM18 18a4 4 0 0 1-4 3h-2',
  phone:
    'M6.6 3.5 9 4l1.3 4-1.8 1.7a12 12 0 0 0 5.8 5.8L16 13.7l4 1.3.5 2.4a2 2 0 0 1-1.6 2.3C11 21.2 2.8 13 4.3 5.1a2 2 0 0 1 2.3-1.6z',
  hangUp: 'M2.6 13.2C7.500 8.600 16.500 8.600 21.400 13.200c.6.6.6 1.500.1 2.100l-1.300 1.600a1.500 1.500 0 0 1-1.900.3l-2.600-1.500a1.500 1.500 0 0 1-.8-1.400l.1-1.500a10 10 0 0 0-6 0l.1 1.500a1.500 1.500 0 0 1-.8 1.400l-2.600 1.500a1.500 1.500 0 0 1-1.900-.3l-1.300-1.600c-.5-.6-.5-1.500.1-2.100z',
  mic: 'M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM5.500 11a6.500 6.500 0 0 0 13 0M12 17.500V21',
  micOff: 'M9 9v2a3 3 0 0 0 5 2.200M15 10V6a3 3 0 0 0-5.800-1M5.500 11a6.500 6.500 0 0 0 10.500 5.100M18.500 11a6.500 6.500 0 0 1-.7 2.900M12 17.500V21M4 4l16 16',
  pause: 'M9 6v12M15 6v12',
  play: 'M8 5.500v13l10-6.500z',
  keypad: 'M6 6h.01M12 6h.01M18 6h.01M6 12h.01M12 12h.01M18 12h.01M6 18h.01M12 18h.01M18 18h.01',
  close: 'M6 6l12 12M18 6 6 18',
  erase: 'M9 6h10a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H9l-5-6zM11.500 10l4 4M15.500 10l-4 4',
} as const

/** Icon is a line drawing that takes its colour from the text around it. */
export function Icon({ name, size = 20 }: { name: keyof typeof paths; size?: number }): JSX.Element {
  const filled = name === 'phone' || name === 'hangUp'
  const width = name === 'keypad' ? 3 : 1.8
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" class={filled ? 'fill' : ''}>
      <path d={paths[name]} stroke-width={width} />
    </svg>
  )
}
