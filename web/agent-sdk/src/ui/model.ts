import { asError } from '../errors'
import { phone } from './format'
import type { Member } from '../types'
import type { Call, Office } from './office'
import type { Shell } from './shell'
import type { Strings } from './strings/strings'

/** Desk is what every part of the face works with. */
export interface Desk {
  office: Office
  shell: Shell
  t: Strings
  lang: 'zh' | 'en'
  inline: boolean
  now: number
  /** Does what the agent asked for; what goes wrong is shown. Resolves to whether it went right. */
  act(work: Promise<unknown>): Promise<boolean>
}

/** What to tell the agent about the last trouble. */
export function hint(desk: Desk): string {
  const { trouble } = desk.office
  return trouble ? explain(desk.t, trouble) : ''
}

/** An error in the agent's language. */
export function explain(t: Strings, error: { code: string; message: string }): string {
  return t.errors[error.code] ?? error.message
}

/** Shows what goes wrong, and takes an older hint away when it goes right. */
export async function act(office: Office, work: Promise<unknown>): Promise<boolean> {
  try {
    await work
    office.troubled(undefined)
    return true
  } catch (e) {
    office.troubled(asError(e))
    return false
  }
}

/** The far end's number, as it came. */
export function farNumber(call: Call): string {
  return call.direction === 'in' ? call.callerPhoneNumber : call.calleePhoneNumber
}

/** Who is at the far end, in the best words there are. */
export function farName(desk: Desk, call: Call): string {
  if (call.monitor) return watched(desk, call)
  if (call.peerUserId) return desk.shell.names.get(call.peerUserId) ?? (call.peerName || colleague(desk, call.peerUserId))
  return call.remark || phone(farNumber(call)) || '–'
}

/** Of a monitored call: the agents in it, and with whom they talk. */
function watched(desk: Desk, call: Call): string {
  const agents = call.members.filter((m) => m.type === 'agent' && m.state !== 'left' && m.userId).map((m) => colleague(desk, m.userId ?? ''))
  return [...agents, call.remark || phone(farNumber(call))].filter((s) => s).join(' – ')
}

/** A colleague's name; of one the roster does not know, his account. */
export function colleague(desk: Desk, userId: string): string {
  if (userId === desk.office.user?.userId) return desk.office.user.name
  return desk.shell.names.get(userId) ?? userId.split('@')[0] ?? userId
}

/** A group's name. */
export function groupName(desk: Desk, id: string | number): string {
  const mine = desk.office.user?.skillGroups.find((g) => String(g.skillGroupId) === String(id))
  return desk.shell.names.get(`group ${id}`) ?? mine?.skillGroupName ?? String(id)
}

/** Remembers the names that the roster tells. */
export function learnNames({ office, shell }: Pick<Desk, 'office' | 'shell'>): void {
  for (const a of office.roster?.agents ?? []) shell.names.set(a.userId, a.name)
  for (const g of office.roster?.groups ?? []) shell.names.set(`group ${g.skillGroupId}`, g.skillGroupName)
}

/** Those in the calls whose names are not known yet. */
export function strangers(desk: Desk): string[] {
  const { office, shell } = desk
  const people = office.sessions.running().flatMap((c) => [c.peerUserId, c.transferFrom, c.inviteFrom, ...c.members.map((m) => m.userId ?? '')])
  return people.filter((id) => id !== '' && id !== office.user?.userId && !shell.names.has(id))
}

/** A party of a call by name. */
export function memberName(desk: Desk, call: Call, member: Member): string {
  if (member.userId) return colleague(desk, member.userId)
  if (member.skillGroupId) return groupName(desk, member.skillGroupId)
  if (member.type === 'customer') return call.remark || phone(member.phoneNumber ?? farNumber(call))
  return phone(member.phoneNumber ?? '')
}

/** Those who take part now, the agent himself left out. */
export function others(desk: Desk, call: Call): Member[] {
  return call.members.filter((m) => m.state !== 'left' && !(m.type === 'agent' && m.userId === desk.office.user?.userId))
}

/** Those beside the customer: who is consulted, who has joined. Who listens unseen is not one of them, nor who is rung to take him over. */
export function third(desk: Desk, call: Call): Member[] {
  const there = others(desk, call).filter((m) => m.type !== 'customer' && m.type !== 'monitor')
  return call.transfer ? there.filter((m) => m.state === 'talking' || m.state === 'held') : there
}

/** Whether the customer waits: held by the agent, or while another is consulted. */
export function customerWaits(call: Call): boolean {
  return call.members.find((m) => m.type === 'customer')?.state === 'held' || call.held
}

/** What happens in the call, in a word. */
export function standing(desk: Desk, call: Call): string {
  const t = desk.t.calls
  if (call.phase === 'ringing') return call.type === 'internal' ? t.internal : t.incoming
  if (call.phase === 'calling') return t.calling
  if (call.phase === 'connecting') return t.connecting
  if (call.phase === 'ended') return t.ended
  if (call.monitor) return desk.t.team.modes[call.monitor]
  if (call.transfer) return t.transferring
  if (third(desk, call).length > 0) return customerWaits(call) ? t.consulting : t.conference
  return call.held ? t.onHold : call.type === 'internal' ? t.internal : t.talking
}

/** What the agent is after after-call work: what he has asked for, or ready. */
export function nextStatus(office: Office): 'free' | 'notReady' | 'rest' {
  const { reserved } = office.agent.current
  return reserved === 'notReady' || reserved === 'rest' ? reserved : 'free'
}
