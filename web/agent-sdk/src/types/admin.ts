import type { ServerType } from './results'

/** A skill group. */
export interface SkillGroup {
  skillGroupId: string
  skillGroupName: string
  /** 0 telephone, 1 chat. */
  type?: number
}

/** A running call, as a supervisor sees it. Times are Unix milliseconds. */
export interface ActiveSession {
  sessionId: string
  userId: string
  agentName: string
  callerPhoneNumber: string
  calleePhoneNumber: string
  /** 0 in, 1 out. */
  direction: 0 | 1
  /** `ringing`, `seatJoining`, `inProgress` or `finished`. */
  status: string
  startAt: number
  acceptAt?: number
  serverType?: ServerType
  /** The account of who monitors it. */
  monitoredBy?: string
}

/** What concerns more than the agent himself, as `tccc.Admin`. */
export interface AdminApi {
  /** The skill groups of the instance. */
  getSkillGroups(): Promise<SkillGroup[]>
  /** An extra of this SDK: the running calls, for administrators and inspectors. */
  getActiveSessions(): Promise<ActiveSession[]>
}
