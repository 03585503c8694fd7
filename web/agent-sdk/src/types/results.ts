/** What the agent is doing. `arrange` is after-call work; `offline` and `busy` cannot be set. */
export type AgentStatus = 'free' | 'busy' | 'arrange' | 'notReady' | 'rest' | 'offline'

/**
 * The line an agent is reached on: `staffSeat` this browser, `staffPhoneSeat` his mobile phone, `staffExtensionSeat` his SIP
 * phone, `miniProgramSeat` a mini program (never given by this server).
 */
export type ServerType = 'staffSeat' | 'staffPhoneSeat' | 'miniProgramSeat' | 'staffExtensionSeat'

/** Who ended a call: the customer, an agent, the system, or a timer. */
export type CloseBy = 'client' | 'seat' | 'admin' | 'timer'

/** How a supervisor takes part: nobody hears who listens, agents alone hear who whispers, everybody hears who barges in; `text` has no sound. */
export type MonitorMode = 'listen' | 'whisper' | 'barge' | 'text'

/**
 * The quality of a call's sound, with the numbers of the native SDKs: 0 unknown, 1 excellent, 2 good, 3 poor, 4 bad, 5 vbad (very bad),
 * 6 down (nothing comes in for two seconds). A direction is as good as the worst of its figures; up to 100/200/350/600 ms of round trip,
 * 1/3/6/12 percent of loss and 20/40/70/120 ms of jitter are excellent/good/poor/bad, more is vbad. In the first two seconds it is unknown.
 */
export type NetworkQuality = 0 | 1 | 2 | 3 | 4 | 5 | 6

/** The names of the grades, by their numbers. */
export type NetworkGrade = 'unknown' | 'excellent' | 'good' | 'poor' | 'bad' | 'vbad' | 'down'

/** What a promise resolves to: the fields are flat, and under `data` once more, since pages read either. */
export type Success<T extends object = object> = T & {
  status: 'success'
  /** The same fields again. */
  data: T
}

/** What a promise rejects with. */
export interface Failure extends Error {
  status: 'error'
  /** Machine-readable: one of the SDK's own codes, or one of the server's catalogue. */
  code: string
  /** For people. `errMsg` and `message` are the same text. */
  errorMsg: string
  errMsg: string
}

/** The manual's name for what promises end with: resolved with `success`, rejected with `error`. */
export interface CommonSDKResponse {
  status: 'success' | 'error'
  /** Only with `error`. */
  errorMsg?: string
}

/** Names a session. */
export interface SessionOptions {
  /** From `callIn`, `callOuted` or the answer of the method that began the call. */
  sessionId: string
}
