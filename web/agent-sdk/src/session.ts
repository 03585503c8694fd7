import type { IvrKey, Member, MonitorMode, NetworkQuality, OneWayEvent, ServerType } from './types'
import type { CallView, Target } from './wire'

export type Phase = 'ringing' | 'connecting' | 'calling' | 'talking' | 'ended'

/** A call as the page sees it. Times are of this page's clock, in milliseconds; 0 = not yet. */
export interface Session {
  readonly sessionId: string
  /** Whether the customer called or was called; a call out that was handed on to this agent is one still. */
  readonly direction: 'in' | 'out'
  /** The agent was rung for it; else he called out. */
  readonly rung: boolean
  /** `monitor`: the agent is not part of it, he supervises. */
  type: 'phone' | 'internal' | 'monitor'
  phase: Phase
  callerPhoneNumber: string
  calleePhoneNumber: string
  callerLocation: string
  calleeLocation: string
  remark: string
  ivrPath: IvrKey[]
  serverType: ServerType
  timeout: number
  ringAt: number
  acceptAt: number
  endAt: number
  muted: boolean
  held: boolean
  closeBy: string
  /** The colleague at the other end of an internal call. */
  peerUserId: string
  peerName: string
  /** The colleague who handed the customer on, or who brought this agent in. */
  transferFrom: string
  inviteFrom: string
  members: Member[]
  /** Its sound is, or is to be, on this page. */
  here: boolean
  /** It was found running, and the agent has to say whether its sound shall come to this page. */
  elsewhere: boolean
  /** The page that carries its sound. */
  tabUUID: string
  monitor: MonitorMode | undefined
  transfer: Target | undefined
  quality: NetworkQuality
  oneWay: Pick<OneWayEvent, 'side' | 'direction'> | undefined
}

/** What the server says of a call, in an event or a picture. */
export type Data = Record<string, unknown>

/** What of a session may be noted from outside the list. */
export type Change = Partial<Omit<Session, 'sessionId' | 'direction' | 'rung'>>

/** A session as it begins. */
export function newSession(data: Data, rung: boolean, phase: Phase, now: number): Session {
  const out = data['direction'] === undefined ? !rung : data['direction'] === 1
  const internal = data['type'] === 'internal'
  return {
    sessionId: text(data, 'sessionId'),
    direction: (internal ? !rung : out) ? 'out' : 'in',
    rung,
    type: data['type'] === 'internal' ? 'internal' : 'phone',
    phase,
    callerPhoneNumber: text(data, 'callerPhoneNumber'),
    calleePhoneNumber: text(data, 'calleePhoneNumber'),
    callerLocation: text(data, 'callerLocation'),
    calleeLocation: text(data, 'calleeLocation'),
    remark: text(data, 'remark'),
    ivrPath: Array.isArray(data['ivrPath']) ? (data['ivrPath'] as IvrKey[]) : [],
    serverType: seat(text(data, 'serverType')),
    timeout: typeof data['timeout'] === 'number' ? data['timeout'] : 0,
    ringAt: now,
    acceptAt: 0,
    endAt: 0,
    muted: data['muted'] === true,
    held: data['held'] === true,
    closeBy: '',
    ...peersOf(data),
    peerName: text(data, 'peerName'),
    members: [],
    here: false,
    elsewhere: false,
    tabUUID: text(data, 'tabUUID'),
    monitor: undefined,
    transfer: undefined,
    quality: 0,
    oneWay: undefined,
  }
}

/** Events and pictures say in their own ways which colleague a call has come from. */
function peersOf(data: Data): Pick<Session, 'peerUserId' | 'transferFrom' | 'inviteFrom'> {
  const peer = text(data, 'peerUserId')
  const internal = data['type'] === 'internal'
  const invited = data['role'] === 'invited'
  return {
    peerUserId: internal ? peer : '',
    inviteFrom: text(data, 'inviteFrom') || (invited ? peer : ''),
    transferFrom: text(data, 'transferFrom') || (internal || invited ? '' : peer),
  }
}

/** Whether the agent of a picture's call was rung for it, rather than having called out. */
export function wasRung(view: CallView): boolean {
  if (view.direction === 0 || view.state === 'ringing') return true
  return view.type !== 'internal' && (view.role === 'invited' || Boolean(view.peerUserId))
}

/** Whether the call's sound is a browser's, and not a telephone's. */
export function hasWebSound(session: Session): boolean {
  return session.serverType === 'staffSeat' && session.monitor !== 'text'
}

export function phaseOf(view: CallView): Phase {
  if (view.state !== 'inProgress') return view.state
  return view.acceptAt || view.monitor ? 'talking' : 'connecting'
}

export function text(data: Data, name: string): string {
  const value = data[name]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** The manual spells some seats with a capital; both are taken. */
function seat(name: string): ServerType {
  const known: readonly ServerType[] = ['staffSeat', 'staffPhoneSeat', 'miniProgramSeat', 'staffExtensionSeat']
  return known.find((k) => k.toLowerCase() === name.toLowerCase()) ?? 'staffSeat'
}
