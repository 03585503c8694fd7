import type { MonitorMode, ServerType, SessionOptions, Success } from './results'

/** What `startOutboundCall` takes. */
export interface OutboundOptions {
  /** The number to call, in any usual form: `13800138000`, `+86 138…`, `0086138…`. */
  phoneNumber: string
  /** Shown in the bar instead of the number, and kept as the call's remark. */
  phoneDesc?: string
  /** Up to the page; comes back with the call's record and in the data push. */
  uui?: string
  /** Call out with a number that is bound to this skill group. */
  skillGroupId?: string | number
  /** Call out with exactly this number. */
  callerPhoneNumber?: string
  /** Call out with one of these numbers, given by their ids. */
  servingNumberGroupIds?: string[]
  /** With number mapping on: `phoneNumber` is the real number and not its substitute. */
  phoneEncodeType?: 'number'
}

/** What is known of a call that was begun. Numbers are told as `00`, country code, number: `008613800138000`. */
export interface CallResponse {
  sessionId: string
  /** The number that is called. */
  calleePhoneNumber: string
  /** The number that is shown to the one who is called. */
  callerPhoneNumber: string
  /** The line it is made from. With a telephone, that rings first and the far end is dialed when the agent has answered it. */
  serverType: ServerType
  /** Where the called number belongs. */
  calleeLocation?: string
  /** What the company noted of the called number, or `phoneDesc`. */
  remark?: string
}

/** What `startInternalCall` takes. */
export interface InternalOptions {
  /** The account of the colleague. */
  calleeUserId: string
  /** Ring his mobile phone instead of where he is reached. Default false. */
  useMobile?: boolean
}

/** What is known of an internal call that was begun. */
export interface InternalResponse {
  sessionId: string
  serverType: ServerType
  /** The account of the colleague who is called. */
  peerUserId: string
}

/** What `transfer` takes: exactly one of the two targets. */
export interface TransferOptions extends SessionOptions {
  /** To whoever of this skill group is free first. */
  skillGroupId?: string | number
  /** To this colleague. */
  userId?: string
}

/** Whom `invite` brings in: exactly one of the three. */
export interface InviteCallee {
  /** A colleague. */
  userId?: string
  /** Whoever of this skill group is free first. */
  skillGroupId?: string | number
  /** A telephone outside. */
  phone?: string
}

/** What `invite` takes. */
export interface InviteOptions extends SessionOptions {
  callee: InviteCallee
  /** Wait in the queue of the skill group when all are busy. Default false. */
  allowQueue?: boolean
}

/** What `invite` resolves to. */
export interface InviteResponse {
  /** Names the new member in `reconnect`, `kick` and `memberStateChanged`. */
  memberId: string
}

/** Names a member of a session. */
export interface MemberOptions extends SessionOptions {
  /** From `invite` or `memberStateChanged`. */
  memberId: string
}

/** What `monitor` takes. */
export interface MonitorOptions extends SessionOptions {
  /** See the text of the call only; any number of calls at once. Default false: hear it, one call at a time. */
  textOnly?: boolean
  /** An extra of this SDK: how to take part. Default `listen`, or `text` with `textOnly`. Asking again changes it. */
  mode?: MonitorMode
}

/** What `sendDigits` takes. */
export interface DigitsOptions extends SessionOptions {
  /** 1 to 32 of 0-9, *, #, A-D; sent as DTMF to the customer. */
  dtmfText?: string
}

/**
 * Telephone calls, as `tccc.Call`. Every promise ends within ten seconds: resolved with `{status: 'success', data, …}`, or rejected
 * with an Error that has `status: 'error'`, `code`, `errorMsg`, `errMsg` and `message`. Codes that every method may give: `Timeout`,
 * `ConnectionLost` (its fate is unknown), `Closed` (not signed in), `SessionNotFound`, `SessionStateError`, `InvalidParameter`.
 */
export interface CallApi {
  /**
   * Calls a customer. Resolves when the call is on its way, before the far end rings; `callOuted` comes with it, `calloutAccepted` when
   * it is answered. Codes: `MicrophoneDenied`, `MicrophoneNotFound`, `MicrophoneFailed`, `InsecureContext`,
   * `FailedOperation.SeatStatusBusy`, `FailedOperation.NoCallOutNumber`, `FailedOperation.CallerOverFrequency`,
   * `InvalidParameter.InvalidPhoneNumber`.
   */
  startOutboundCall(options: OutboundOptions): Promise<Success<CallResponse>>
  /** Answers a ringing call on this page. Codes: those of the microphone; `SessionStateError` when it does not ring any more or rings a telephone. */
  accept(options: SessionOptions): Promise<Success>
  /** Ends the agent's part of a call, in any state. What a supervisor monitors goes on without him. */
  hungUp(options: SessionOptions): Promise<Success>
  /** Ends a call; one that rings is declined and goes on to the next agent. */
  end(options: SessionOptions): Promise<Success>
  /** Takes an ended call out of the list, in all tabs (`sessionCompleted`); after-call work of it ends too. */
  deleteCall(options: SessionOptions): Promise<Success>
  /** Switches the microphone off for a call. The page stops sending at once. */
  muteMic(options: SessionOptions): Promise<Success>
  /** Switches the microphone on for a call. */
  unmuteMic(options: SessionOptions): Promise<Success>
  /** Whether the microphone is off, as `isMicMuted` of the answer (and of its `data`). */
  isMicMuted(options: SessionOptions): Promise<Success<{ isMicMuted: boolean }>>
  /** Calls a colleague. He gets `callIn` with the type `internal`. */
  startInternalCall(options: InternalOptions): Promise<Success<InternalResponse>>
  /**
   * Hands the customer on to a colleague or a skill group. The customer hears music until somebody answers. Resolves when the transfer
   * has begun (event `transfer`); when somebody has taken the customer the agent's part is ended (`sessionEnded`), when nobody
   * does he and the customer hear each other again (`transferFailed`).
   */
  transfer(options: TransferOptions): Promise<Success>
  /** An extra of this SDK: takes a transfer back that nobody has taken yet. */
  transferCancel(options: SessionOptions): Promise<Success>
  /** Holds the customer, who hears music. */
  hold(options: SessionOptions): Promise<Success>
  /** Takes the customer back. */
  unHold(options: SessionOptions): Promise<Success>
  /** Sends digits to the customer's side, for example an extension number. */
  sendDigits(options: DigitsOptions): Promise<Success>
  /**
   * Takes part in a colleague's call as an administrator or inspector; the sessionId is one of `tccc.Admin.getActiveSessions` or of the
   * cloud API's DescribePSTNActiveSessionList. Ends with `hungUp` or the call. Codes: `FailedOperation.PermissionDenied`,
   * `SessionStateError` when another call is monitored with sound already.
   */
  monitor(options: MonitorOptions): Promise<Success<SessionOptions>>
  /** Puts the monitoring supervisor in the place of the agents: they are dropped, he talks to the customer. Only of a call he monitors. */
  intercept(options: SessionOptions): Promise<Success>
  /**
   * Brings a third party in. The customer is held meanwhile, so the agent consults first; `reconnect` makes it a talk of three, hanging up
   * hands the customer on. Codes: `'-7'` there is no such session, `'-8001'` nobody asked for is online, `'-8003'` all are busy,
   * `'-8002'` and `'-8004'` they could not be reached, `'-999'` anything else.
   */
  invite(options: InviteOptions): Promise<Success<InviteResponse>>
  /** Removes a member: a consulted colleague, a telephone outside, or one that still rings. */
  kick(options: MemberOptions): Promise<Success>
  /** Takes a held member back; without `memberId`, the customer. */
  reconnect(options: SessionOptions & { memberId?: string }): Promise<Success>
  /** An extra of this SDK: brings the sound of a call to this page that was found running on another one (`elsewhere`). */
  resumeHere(options: SessionOptions): Promise<Success>
}
