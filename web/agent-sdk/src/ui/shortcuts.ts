import type { Desk } from './model'

/** What a shortcut does. They are Alt+Shift and a letter, which neither browsers nor pages take. */
export type Deed = 'answer' | 'hangUp' | 'mute' | 'hold' | 'keypad' | 'transfer' | 'workbench' | 'help'

export const letters: Record<Deed, string> = { answer: 'P', hangUp: 'H', mute: 'M', hold: 'O', keypad: 'K', transfer: 'R', workbench: 'W', help: 'S' }

type Key = Pick<KeyboardEvent, 'altKey' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'code'>

/** The deed a key stands for. Its place on the keyboard counts, since Alt changes the letter on some systems. */
export function deedOf(key: Key): Deed | undefined {
  if (!key.altKey || !key.shiftKey || key.ctrlKey || key.metaKey) return undefined
  return (Object.keys(letters) as Deed[]).find((d) => key.code === `Key${letters[d]}`)
}

/** Does it to the call that is meant: the one that rings, or the one that talks. False when there is nothing to do it to. */
export function perform(desk: Desk, deed: Deed): boolean {
  const { office, shell } = desk
  if (deed === 'workbench') {
    shell.show({ workbench: !shell.visible.workbench })
    return true
  }
  if (deed === 'help') {
    shell.show({ workbench: true })
    shell.set({ help: !shell.help })
    return true
  }
  const running = office.sessions.running()
  const ringing = running.find((c) => c.phase === 'ringing')
  const talking = running.find((c) => c.phase === 'talking' && !c.elsewhere)
  const { Call } = office.tccc
  if (deed === 'answer') {
    if (ringing?.serverType !== 'staffSeat') return false
    void desk.act(Call.accept({ sessionId: ringing.sessionId }))
    return true
  }
  if (deed === 'hangUp') {
    const meant = talking ?? running.find((c) => c.phase !== 'ringing') ?? ringing
    if (meant) void desk.act(meant === ringing ? Call.end({ sessionId: meant.sessionId }) : Call.hungUp({ sessionId: meant.sessionId }))
    return meant !== undefined
  }
  if (!talking) return false
  const { sessionId, muted, held } = talking
  if (deed === 'mute') void desk.act(muted ? Call.unmuteMic({ sessionId }) : Call.muteMic({ sessionId }))
  else if (deed === 'hold') void desk.act(held ? Call.unHold({ sessionId }) : Call.hold({ sessionId }))
  else shell.toggle(sessionId, deed)
  return true
}
