import type { AgentStatus, ServerType, Success } from './results'

/** What `setStatus` takes. */
export interface StatusOptions {
  /** `stopNotReady` ends `notReady`; `free` during after-call work ends that early. Asked during a call, it takes effect afterwards. */
  status: 'free' | 'rest' | 'arrange' | 'notReady' | 'stopNotReady'
  /** With `rest`: one of the reasons the instance knows. */
  restReason?: string
}

/** Where the agent is reached; all optional in a change. */
export interface SeatSettings {
  /** The line that rings. */
  serverType: ServerType
  /** Ring the mobile phone: 0 never, 1 only when offline, 2 always. */
  useMobileAccept: 0 | 1 | 2
  /** Call out from the mobile phone. */
  useMobileCallOut: boolean
  /** His mobile number, partly hidden; '' = none is known. Cannot be changed here. */
  readonly mobile?: string
  /** The extension of his SIP phone; '' = he has none. Cannot be changed here. */
  readonly extension?: string
  /** Whether the SIP phone is registered. */
  readonly extensionOnline?: boolean
}

/** The agent, as `tccc.Agent`. */
export interface AgentApi {
  /** Signs in to the queues. */
  online(): void
  /** Signs out of the queues; the page stays connected, and running calls go on. */
  offline(): void
  /** Changes the status. `statusChanged` follows when it has. */
  setStatus(options: StatusOptions): Promise<Success>
  /** The status now; `offline` before `ready`. */
  getStatus(): AgentStatus
  /** An extra of this SDK: reads (without options) or changes where the agent is reached. */
  settings(change?: Partial<SeatSettings>): Promise<Success<SeatSettings>>
}
