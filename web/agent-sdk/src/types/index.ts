// The public face of the agent SDK: what pages see as `window.tccc`. Names and shapes are those of the TCCC agent SDK.

export type AgentStatus = 'free' | 'busy' | 'arrange' | 'notReady' | 'rest' | 'offline'
export type ServerType = 'staffSeat' | 'staffPhoneSeat' | 'miniProgramSeat' | 'staffExtensionSeat'
export type CloseBy = 'client' | 'seat' | 'admin' | 'timer'

/** What a promise resolves to: the fields are flat, and under `data` once more. */
export type Success<T extends object = object> = T & { status: 'success'; data: T }

/** What a promise rejects with. */
export interface Failure extends Error {
  status: 'error'
  code: string
  errorMsg: string
  errMsg: string
}

export interface CallResponse {
  sessionId: string
  calleePhoneNumber: string
  callerPhoneNumber: string
  serverType: ServerType
  calleeLocation?: string
  remark?: string
}

export interface OutboundOptions {
  phoneNumber: string
  phoneDesc?: string
  uui?: string
  skillGroupId?: string | number
  callerPhoneNumber?: string
  servingNumberGroupIds?: string[]
  phoneEncodeType?: 'number'
}

export interface SessionOptions {
  sessionId: string
}

export interface UserCustomSettings {
  disableRingtone?: boolean
  disableNotification?: boolean
}

export interface IvrKey {
  key: string
  label: string
}

/** The events and their payloads. Every payload carries itself once more under `data`. */
export interface EventMap {
  ready: { tabUUID: string }
  tokenExpired: { message: string }
  callIn: {
    sessionId: string
    type: 'phone'
    timeout: number
    calleePhoneNumber: string
    callerPhoneNumber?: string
    callerLocation?: string
    remark?: string
    ivrPath?: IvrKey[]
    protectedCallee?: string
    protectedCaller?: string
    serverType: ServerType
  }
  userAccessed: { sessionId: string; tabUUID?: string; restored?: boolean }
  autoTransfer: { sessionId: string }
  sessionEnded: { sessionId: string; closeBy: CloseBy; type?: 'phone'; duration?: number; mainReason?: string; subReason?: string }
  callOuted: {
    sessionId: string
    callerPhoneNumber: string
    calleePhoneNumber: string
    serverType: ServerType
    remark?: string
    tabUUID?: string
    restored?: boolean
  }
  calloutAccepted: { sessionId: string; restored?: boolean }
  statusChanged: { status: AgentStatus; reason?: string; reserved?: AgentStatus; since?: number; until?: number }
  kickedOut: object
  sessionCompleted: { sessionId: string }
  transfer: { sessionId: string }
  asr: { sessionId: string; result: unknown; flow: 'IN' | 'OUT' }
}

export type EventName = keyof EventMap
export type Payload<N extends EventName> = EventMap[N] & { data: EventMap[N] }
export type Listener = (payload: never) => void

export interface CallApi {
  startOutboundCall(options: OutboundOptions): Promise<Success<CallResponse>>
  accept(options: SessionOptions): Promise<Success>
  hungUp(options: SessionOptions): Promise<Success>
  /** Ends a call in any state; a call that rings goes on to the next agent. */
  end(options: SessionOptions): Promise<Success>
  /** Takes an ended call out of the list. */
  deleteCall(options: SessionOptions): Promise<Success>
  muteMic(options: SessionOptions): Promise<Success>
  unmuteMic(options: SessionOptions): Promise<Success>
  isMicMuted(options: SessionOptions): Promise<Success<{ isMicMuted: boolean }>>
  hold(options: SessionOptions): Promise<Success>
  unHold(options: SessionOptions): Promise<Success>
  sendDigits(options: SessionOptions & { dtmfText?: string }): Promise<Success>
}

export interface AgentApi {
  online(): void
  offline(): void
  setStatus(options: { status: AgentStatus | 'stopNotReady'; restReason?: string }): Promise<Success>
  getStatus(): AgentStatus
}

export interface DevicesApi {
  isBrowserSupported(): boolean
  isEnvSupported(): Promise<boolean>
  getMicrophones(): Promise<MediaDeviceInfo[]>
  getSpeakers(): Promise<MediaDeviceInfo[]>
}

export interface UiApi {
  hide(): void
  show(): void
  hidefloatButton(): void
  showfloatButton(): void
  hideWorkbench(): void
  showWorkbench(): void
  hideNotificationBar(): void
  showNotificationBar(): void
  updateUserCustomSettings(settings: UserCustomSettings): void
}

export interface Tccc {
  readonly events: { readonly [N in EventName]: N }
  on<N extends EventName>(event: N, listener: (payload: Payload<N>) => void): void
  off<N extends EventName>(event: N, listener: (payload: Payload<N>) => void): void
  readonly Call: CallApi
  readonly Agent: AgentApi
  readonly Devices: DevicesApi
  readonly UI: UiApi
}
