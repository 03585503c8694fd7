import { useEffect, useRef } from 'preact/hooks'
import type { JSX } from 'preact'
import type { Desk } from './model'
import { IconButton } from './parts'
import { letters } from './shortcuts'
import type { Deed } from './shortcuts'

const deeds: Deed[] = ['answer', 'hangUp', 'mute', 'hold', 'keypad', 'transfer', 'workbench', 'help']

/** The sheet of keyboard shortcuts, over the workbench. */
export function HelpSheet({ desk }: { desk: Desk }): JSX.Element {
  const { t, shell } = desk
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const root = box.current?.getRootNode() as ShadowRoot | undefined
    const before = root?.querySelector<HTMLElement>(':focus')
    box.current?.querySelector<HTMLElement>('button')?.focus()
    return () => before?.focus()
  }, [])
  const apple = /Mac|iPhone|iPad/.test(navigator.userAgent)
  return (
    <div class="veil" onClick={(e) => e.target === e.currentTarget && shell.set({ help: false })}>
      <div class="dialog" role="dialog" aria-modal="true" aria-label={t.shortcuts.title} ref={box} onKeyDown={(e) => e.key === 'Tab' && e.preventDefault()}>
        <div class="noteHead">
          <h2>{t.shortcuts.title}</h2>
          <IconButton icon="close" label={t.common.close} onClick={() => shell.set({ help: false })} />
        </div>
        <dl>
          {deeds.map((deed) => (
            <Line key={deed} text={t.shortcuts[deed]} keys={[apple ? '⌥' : 'Alt', apple ? '⇧' : 'Shift', letters[deed]]} />
          ))}
          <Line text={t.shortcuts.escape} keys={['Esc']} />
          <Line text={t.shortcuts.arrows} keys={['↑', '↓']} />
          <Line text={t.shortcuts.digits} keys={['0 – 9', '*', '#']} />
        </dl>
      </div>
    </div>
  )
}

function Line({ text, keys }: { text: string; keys: string[] }): JSX.Element {
  return (
    <div>
      <dt>{text}</dt>
      <dd>
        {keys.map((k) => (
          <kbd key={k}>{k}</kbd>
        ))}
      </dd>
    </div>
  )
}
