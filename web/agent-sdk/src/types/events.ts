import type { SeatSettings } from './agent'
import type { DeviceKind } from './devices'
import type { AgentStatus, CloseBy, MonitorMode, NetworkGrade, NetworkQuality, ServerType } from './results'

/** A key the caller pressed. */
export interface IvrKey {
  key: string
  label: string
}

/** A call comes in. `phone` from a customer, `internal` from a colleague. */
export interface CallInEvent {
  sessionId: string
  type: 'phone' | 'internal'
  /** Seconds until the call goes on to another agent, 0 = never. */
  timeout: number
  calleePhoneNumber: string
  callerPhoneNumber?: string
  /** Where the caller's number belongs. */
  callerLocation?: string
  /** What the company noted of the caller. */
  remark?: string
  /** What the caller pressed on the way. */
  ivrPath?: IvrKey[]
  /** With number mapping: what stands for the number. */
  protectedCallee?: string
  protectedCaller?: string
  /** The line that rings. */
  serverType: ServerType
  /** An extra of this SDK: 1 when the customer was called out to and is handed on, or a colleague brings this agent in; he is the callee then. */
  direction?: 0 | 1
  /** Of an internal call: the account of the colleague who calls. */
  peerUserId?: string
  /** The account of the colleague who hands the customer on. */
  transferFrom?: string
  /** The account of the colleague who brings this agent into his call. */
  inviteFrom?: string
  /** The page was loaded while it rang. */
  restored?: boolean
}

/** A party of a call. */
export interface Member {
  memberId: string
  /** `monitor` is a supervisor. */
  type: 'customer' | 'agent' | 'phone' | 'monitor'
  userId?: string
  phoneNumber?: string
  skillGroupId?: string
  /** `queued` = a skill group was asked and nobody is free yet. */
  state: 'queued' | 'ringing' | 'talking' | 'held' | 'left'
  /** How a supervisor takes part. */
  mode?: MonitorMode
}

/** How the sound of a call travels, told every second of a talk with sound on this page. */
export interface NetworkQualityEvent {
  sessionId: string
  /** The worse of both directions. */
  quality: NetworkQuality
  grade: NetworkGrade
  /** What the customer hears of the agent: page to server. */
  up: NetworkQuality
  /** What the agent hears: server to page. */
  down: NetworkQuality
  /** Round trip in ms; -1 = not known yet. */
  rtt: number
  /** Lost packets of the last five seconds, in percent; -1 = not known yet. */
  lossUp: number
  lossDown: number
  /** Jitter in ms; -1 = not known yet. */
  jitterUp: number
  jitterDown: number
}

/** Sound goes one way only. */
export interface OneWayEvent {
  sessionId: string
  /** On whose line: the agent's (his page or his telephone), or the customer's. */
  side: 'agent' | 'customer'
  /** As the agent sees it. `in`: he hears nothing; `out`: he is not heard. */
  direction: 'in' | 'out'
}

/** The events and their payloads. Every payload carries itself once more under `data`. */
export interface EventMap {
  /** The SDK is ready; methods may be called. Told to late listeners too. `tabUUID` names this load of this page. */
  ready: { tabUUID: string }
  /** The token of the SdkURL is not good any more: get a new one and load the script again. Told to late listeners too. */
  tokenExpired: { message: string }
  /** A call comes in. */
  callIn: CallInEvent
  /** The agent has taken a call; `tabUUID` names the page that did. `restored`: the page was loaded in the middle of it. */
  userAccessed: { sessionId: string; tabUUID?: string; restored?: boolean }
  /** A ringing call went on: it was declined, it timed out, or another agent took it. */
  autoTransfer: { sessionId: string }
  /**
   * A call has ended, or the agent's part in it (`type` `monitor`: that of a supervisor). `duration` is of the talk, in seconds. With `closeBy` `admin`, `mainReason` and `subReason` may say why
   * (`connectionLost`: it ended while the page was cut off).
   */
  sessionEnded: { sessionId: string; closeBy: CloseBy; type?: 'phone' | 'internal' | 'monitor'; duration?: number; mainReason?: string; subReason?: string }
  /** A call out is on its way; nothing rings yet. `tabUUID` names the page that began it. */
  callOuted: {
    sessionId: string
    callerPhoneNumber: string
    calleePhoneNumber: string
    serverType: ServerType
    remark?: string
    protectedCallee?: string
    tabUUID?: string
    /** Of an internal call: the account of the colleague who is called. */
    peerUserId?: string
    restored?: boolean
  }
  /** The far end has answered a call out. */
  calloutAccepted: { sessionId: string; restored?: boolean }
  /** The agent's status changed. Times are Unix milliseconds; `reserved` follows the call, `until` ends after-call work. */
  statusChanged: { status: AgentStatus; reason?: string; reserved?: AgentStatus; since?: number; until?: number; by?: string }
  /** The agent signed in elsewhere; this page is out. A call that sounds here does so until the other page takes it, or it ends. */
  kickedOut: object
  /** An ended call was taken out of the list. */
  sessionCompleted: { sessionId: string }
  /** The agent has begun to hand a customer on. */
  transfer: { sessionId: string; skillGroupId?: string; userId?: string }
  /** Nobody took the customer: he and the agent hear each other again. */
  transferFailed: { sessionId: string; skillGroupId?: string; userId?: string; code: string; reason: string }
  /** A party of a call came, changed its state or left. */
  memberStateChanged: Member & { sessionId: string }
  /** What was said, as it is understood. `IN` = the customer, `OUT` = the agent. */
  asr: { sessionId: string; result: unknown; flow: 'IN' | 'OUT' }
  /** An extra of this SDK: a call was muted or held, or its sound moved to another page of the agent. */
  callChanged: { sessionId: string; muted?: boolean; held?: boolean; tabUUID?: string }
  /** An extra of this SDK: the connection to the server broke; it is being made anew. The sound of calls goes on. */
  reconnecting: { reason: string }
  /** An extra of this SDK: the connection is there again. Status and calls were brought up to date before. */
  reconnected: { downtime: number }
  /** An extra of this SDK: how the sound travels. */
  networkQuality: NetworkQualityEvent
  /** An extra of this SDK: sound goes one way only, told within three seconds. */
  mediaOneWay: OneWayEvent
  /** An extra of this SDK: sound goes both ways again. */
  mediaRestored: OneWayEvent
  /**
   * An extra of this SDK: another device is used. Empty `deviceId`: no microphone is left, or the system's speaker. `chosen`: the agent or
   * the page wanted it; `unplugged`: the one before is gone; `replugged`: the one before is back; `system`: the system's choice changed.
   */
  deviceChanged: { kind: DeviceKind; deviceId: string; label: string; reason: 'chosen' | 'unplugged' | 'replugged' | 'system' }
  /** An extra of this SDK: a device cannot be used. `link` is the self-check page, when the server could be asked. */
  deviceError: { kind: DeviceKind; code: string; message: string; link?: string }
  /** An extra of this SDK: where the agent is reached was changed. */
  settingsChanged: Partial<SeatSettings>
}

export type EventName = keyof EventMap

/** What a listener is given: the fields, and all of them again under `data`. */
export type Payload<N extends EventName> = EventMap[N] & { data: EventMap[N] }

/** Any listener. */
export type Listener = (payload: never) => void
