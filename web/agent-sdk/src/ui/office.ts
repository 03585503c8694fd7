// What the face sees of the agent's client and what it asks of it. The client has this shape; the stories have another that
// needs no server. Times are of this page's clock, in Unix milliseconds; 0 or absent = not yet.

import type { ConnectionState } from '../connection'
import type { TcccError } from '../errors'
import type { Session } from '../session'
import type { AgentApi, AgentStatus, ButtonType, CallApi, SeatSettings, ServerType, Tccc, UiApi, UserCustomSettings } from '../types'
import type { StatusView } from '../wire'

/** A call of the agent, or one that he supervises. */
export type Call = Session

export interface RosterGroup {
  skillGroupId: string | number
  skillGroupName: string
  waiting: number
  free: number
  online: number
}

export interface RosterAgent {
  userId: string
  name: string
  staffNumber: string
  status: AgentStatus
  since?: number
  skillGroups: (string | number)[]
  serverType?: ServerType
}

export interface Roster {
  groups: RosterGroup[]
  agents: RosterAgent[]
}

/** A past call of the agent. */
export interface PastCall {
  sessionId: string
  type?: 'phone' | 'internal'
  direction: 0 | 1
  callerPhoneNumber: string
  calleePhoneNumber: string
  location?: string
  remark?: string
  peerUserId?: string
  peerName?: string
  startAt: number
  /** Seconds of talk; 0 when nobody answered. */
  duration: number
  missed?: boolean
  skillGroupName?: string
  category?: string
}

/** The agent's day. */
export interface Day {
  callsIn: number
  callsOut: number
  missed: number
  talkSeconds: number
  longestSeconds: number
  statuses: { status: AgentStatus; seconds: number }[]
  /** Hour by hour, on this page's clock. */
  hours: { hour: number; in: number; out: number; missed: number }[]
  satisfaction?: { average: number; count: number }
}

/** What the agent notes about a call. */
export interface Note {
  category: string
  resolved: boolean
  text: string
}

/** A number the agent may show when he calls out. */
export interface CallerNumber {
  number: string
  location?: string
  remark?: string
}

/** A call that runs somewhere in the instance, as supervisors see it. */
export interface RunningCall {
  sessionId: string
  userId: string
  agentName: string
  callerPhoneNumber: string
  calleePhoneNumber: string
  direction: 0 | 1
  status: string
  startAt: number
  acceptAt?: number
  monitoredBy?: string
}

/** What the workbench asks the server for, beside what pages can ask for too. */
export interface Files {
  records(options: { kind: 'all' | 'missed'; before?: string; limit?: number }): Promise<{ records: PastCall[]; before?: string }>
  day(): Promise<Day>
  note(sessionId: string): Promise<Note & { remark?: string; categories?: string[] }>
  putNote(sessionId: string, note: Note): Promise<unknown>
  putContact(phoneNumber: string, remark: string): Promise<unknown>
  numbers(): Promise<CallerNumber[]>
  /** The calls that run now; for administrators and inspectors. */
  running(): Promise<RunningCall[]>
  settings(change?: Partial<SeatSettings>): Promise<SeatSettings>
  /** The address of a self-check page that lets this agent in. */
  checkLink(): Promise<string>
  cancelTransfer(sessionId: string): Promise<unknown>
  /** Brings a call's sound from another page to this one. */
  takeHere(sessionId: string): Promise<unknown>
}

/** Microphones and speakers. An empty id is the system's own choice. */
export interface Sound {
  readonly microphoneId: string
  readonly speakerId: string
  microphones(): Promise<MediaDeviceInfo[]>
  speakers(): Promise<MediaDeviceInfo[]>
  chooseMicrophone(id: string): Promise<unknown>
  chooseSpeaker(id: string): Promise<unknown>
  /** Opens the microphone to show its level, from 0 to 1, until closed. */
  meter(): Promise<{ level(): number; close(): void }>
}

/** Office is all of the agent's client that is shown. */
export interface Office {
  readonly options: { readonly userId: string; readonly lang: 'zh' | 'en'; readonly renderDomId: string }
  readonly state: ConnectionState
  readonly kickedOut: boolean
  readonly user: { userId: string; name: string; staffNumber: string; role: number; supervises?: boolean; skillGroups: { skillGroupId: number; skillGroupName: string }[] } | undefined
  readonly settings: { restReasons: string[] } | undefined
  readonly trouble: TcccError | undefined
  troubled(error: TcccError | undefined): void
  readonly agent: { readonly status: AgentStatus; readonly current: StatusView }
  readonly sessions: { list(): Call[]; running(): Call[]; delete(sessionId: string): void }
  readonly tccc: { readonly Call: CallApi; readonly Agent: AgentApi; readonly UI: Pick<UiApi, 'updateUserCustomSettings'> } & Pick<Tccc, 'on'>
  /** What the agent has set in this browser. */
  readonly prefs: { get(): UserCustomSettings }
  /** Groups and colleagues, live while watched; undefined until the server has told them. */
  readonly roster: Roster | undefined
  watchRoster(on: boolean): void
  /** Those of a talk's buttons that the page wants. */
  buttons(all: ButtonType[]): ButtonType[]
  readonly files: Files
  readonly sound: Sound
}
