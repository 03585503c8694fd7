// What pages give to methods of calls, read with care: pages are not always written in TypeScript.

import { codes, TcccError } from './errors'
import type { Phase, Session, Sessions } from './sessions'
import type { InviteCallee, OutboundOptions, SessionOptions } from './types'
import type { Target } from './wire'

/** The session that is meant, in one of the phases (none named: any). */
export function findSession(sessions: Sessions, options: Partial<SessionOptions> | undefined, ...phases: Phase[]): Session {
  const id = sessionIdOf(options)
  const session = sessions.get(id)
  if (!session) throw new TcccError(codes.noSession, `there is no session ${id}`)
  if (phases.length > 0 && !phases.includes(session.phase)) {
    throw new TcccError(codes.wrongState, `session ${id} is ${session.phase}`)
  }
  return session
}

export function sessionIdOf(options: Partial<SessionOptions> | undefined): string {
  return required(options?.sessionId, 'sessionId')
}

/** A text that must be there; numbers are taken as they are meant. */
export function required(value: unknown, name: string): string {
  const text = optional(value)
  if (!text) throw new TcccError(codes.badOption, `${name}: is missing`)
  return text
}

export function optional(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value)
}

/** The one target of a transfer. */
export function oneTarget(options: { userId?: unknown; skillGroupId?: unknown }): Target {
  const { userId, skillGroupId } = options
  return oneCallee({ userId, skillGroupId })
}

/** Whom to bring in: exactly one of the three. */
export function oneCallee(callee: { userId?: unknown; skillGroupId?: unknown; phone?: unknown } | undefined): InviteCallee & Target {
  const [userId, skillGroupId, phone] = [optional(callee?.userId), optional(callee?.skillGroupId), optional(callee?.phone)]
  if ([userId, skillGroupId, phone].filter(Boolean).length !== 1) {
    throw new TcccError(codes.badOption, 'exactly one of userId, skillGroupId (and, to invite, phone) must be given')
  }
  if (userId) return { userId }
  return skillGroupId ? { skillGroupId } : { phone }
}

/** A wish to call out. */
export function outbound(options: Partial<OutboundOptions> | undefined): OutboundOptions {
  const { phoneNumber, phoneDesc, uui, skillGroupId, callerPhoneNumber, servingNumberGroupIds, phoneEncodeType } = options ?? {}
  return {
    phoneNumber: required(phoneNumber, 'phoneNumber'),
    phoneDesc: optional(phoneDesc),
    uui: optional(uui),
    skillGroupId: optional(skillGroupId),
    callerPhoneNumber: optional(callerPhoneNumber),
    servingNumberGroupIds: servingNumberGroupIds?.map(String),
    phoneEncodeType,
  }
}

/** Digits to send, as telephones know them. */
export function digitsOf(text: unknown): string {
  const digits = (optional(text) ?? '').toUpperCase()
  if (!/^[0-9*#A-D]{1,32}$/.test(digits)) throw new TcccError(codes.badOption, 'dtmfText: must be 1 to 32 of 0-9, *, #, A-D')
  return digits
}
