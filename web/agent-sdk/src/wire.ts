// What the server and the SDK say to each other; docs/protocol/agent.md explains it.

import type { AgentStatus, IvrKey, Member, MonitorMode, ServerType } from './types'

export const protocolVersion = 1

/** Close codes after which the page does not come back by itself, and those it can learn from. */
export const closeCodes = { kickedOut: 4001, refused: 4002 } as const

/** Codes of a hello that was refused. */
export const refusals = { token: 'AuthFailure.TokenFailure', elsewhere: 'FailedOperation.SignedInElsewhere' } as const

export interface WireError {
  code: string
  message: string
}

/** One message from the server: an answer (id) or an event (event). */
export interface Incoming {
  id?: number
  result?: unknown
  error?: WireError
  event?: string
  data?: Record<string, unknown>
  seq?: number
}

export interface Hello {
  version: number
  tabUUID: string
  token?: string
  resume?: string
  /** The tab that `resume` was given to, when this page was loaded in its place. */
  resumeTab?: string
  sdkAppId?: number
  userId?: string
  offline?: boolean
  /** The browser's name: its pages share one login. */
  shared?: string
}

export interface StatusView {
  status: AgentStatus
  reason?: string
  reserved?: AgentStatus
  since?: number
  until?: number
}

/** Where a customer is being handed on to. */
export interface Target {
  userId?: string
  skillGroupId?: string
}

/** A running call as the server sees it. Times are RFC 3339; one that is missing has not come yet. */
export interface CallView {
  sessionId: string
  type: 'phone' | 'internal' | 'monitor'
  direction: 0 | 1
  /** In progress before acceptAt: the agent has taken the call, his sound is not there yet. */
  state: 'ringing' | 'calling' | 'inProgress'
  callerPhoneNumber: string
  calleePhoneNumber: string
  callerLocation: string
  calleeLocation?: string
  remark: string
  ivrPath: IvrKey[] | null
  serverType: ServerType
  timeout: number
  startAt?: string
  ringAt?: string
  acceptAt?: string
  muted: boolean
  held: boolean
  /** The page that carries its sound. */
  tabUUID?: string
  /** Its sound was on another page, which is gone or was put out. */
  elsewhere?: boolean
  /** The colleague of an internal call, or who handed the customer on, or (role invited) who brought this agent in. */
  peerUserId?: string
  peerName?: string
  role?: 'agent' | 'invited' | 'monitor'
  members?: Member[] | null
  transfer?: Target | null
  /** The agent only monitors it. */
  monitor?: MonitorMode | ''
}

export interface Snapshot {
  conn?: string
  resume?: string
  sdkAppId: number
  user: {
    userId: string
    name: string
    staffNumber: string
    role: number
    /** May monitor others' calls. */
    supervises?: boolean
    skillGroups: { skillGroupId: number; skillGroupName: string }[]
  }
  status: StatusView
  calls: CallView[]
  settings: { restReasons: string[]; ping: number; dead: number; serverType?: ServerType; useMobileCallOut?: boolean }
  now: number
  seq: number
}

export interface Accepted {
  sdp?: string
  mediaError?: WireError
}
