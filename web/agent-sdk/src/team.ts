// What a session learns of calls that more than one agent takes part in.

import { text } from './session'
import type { Data, Session } from './session'
import type { Member, OneWayEvent } from './types'
import type { Target } from './wire'

/** Notes an event of a call's team; false when the event is none. An event of a call that is not in the list is known and dropped. */
export function applyTeam(session: Session | undefined, name: string, data: Data): boolean {
  const note = notes[name]
  if (!note) return false
  if (session && session.phase !== 'ended') note(session, data)
  return true
}

const notes: Record<string, ((session: Session, data: Data) => void) | undefined> = {
  memberStateChanged: (session, data) => {
    const member = data as unknown as Member
    session.members = session.members.filter((m) => m.memberId !== member.memberId)
    if (member.state !== 'left') session.members.push(memberOf(member))
  },
  transfer: (session, data) => {
    session.transfer = targetOf(data)
  },
  transferFailed: (session) => {
    session.transfer = undefined
  },
  mediaOneWay: (session, data) => {
    const { side, direction } = data as unknown as OneWayEvent
    session.oneWay = { side, direction }
  },
  mediaRestored: (session) => {
    session.oneWay = undefined
  },
  callChanged: (session, data) => {
    if (typeof data['muted'] === 'boolean') session.muted = data['muted']
    if (typeof data['held'] === 'boolean') session.held = data['held']
    session.tabUUID = text(data, 'tabUUID') || session.tabUUID
  },
}

/** A party as the page sees it, without what else came along. */
export function memberOf({ memberId, type, userId, phoneNumber, skillGroupId, state, mode }: Member): Member {
  return { memberId, type, userId, phoneNumber, skillGroupId: skillGroupId === undefined ? undefined : String(skillGroupId), state, mode }
}

/** What the page is told: ids are texts, as in the options of methods. */
export function toldOf(data: Data): Data {
  return typeof data['skillGroupId'] === 'number' ? { ...data, skillGroupId: String(data['skillGroupId']) } : data
}

/** Where a customer is handed on to; ids as text, as the SDK's options have them. */
export function targetOf(data: Data): Target {
  const target: Target = {}
  if (text(data, 'userId')) target.userId = text(data, 'userId')
  if (text(data, 'skillGroupId')) target.skillGroupId = text(data, 'skillGroupId')
  return target
}
