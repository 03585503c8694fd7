/** What the demo knows of itself. */
export interface DemoInfo {
  agents: { userId: string; name: string }[]
  numbers: { number: string; flow: string }[]
}

/** One line of a session's journal. */
export interface Step {
  Seq: number
  TimestampMs: number
  Event: string
  Detail: Record<string, unknown>
  Commands: string[]
  Text: string
}

/** A session in the list of the latest. */
export interface SessionInfo {
  SessionId: string
  StartTimestamp: number
  Direction: number
  Caller: string
  Callee: string
  Running: boolean
}

/** A push as the company's server got it. */
export interface Push {
  UUID: string
  Action: string
  SessionId: string
  Body: Record<string, unknown>
  Attempts: number
  Taken: boolean
  At: string
}

/** The parts of TelCdrInfo shown here. */
export interface Cdr {
  SessionId: string
  RecordURL?: string
  ServeParticipants?: { Mail: string; RecordURL?: string; RecordId?: string }[]
  RecordId?: string
  [name: string]: unknown
}

async function get<T>(path: string, init?: RequestInit): Promise<T> {
  const res = await fetch(`/demo/${path}`, init)
  if (!res.ok) throw new Error(`${res.status} ${await res.text()}`)
  return (await res.json()) as T
}

export const info = () => get<DemoInfo>('api/info')
export const sessions = () => get<SessionInfo[]>('api/sessions')
export const timeline = (id: string) => get<Step[]>(`api/timeline?SessionId=${id}`)
export const cdr = (id: string) => get<Cdr | null>(`api/cdr?SessionId=${id}`)
export const pushes = (id: string) => get<{ Pushes: Push[] | null }>(`company/pushes?SessionId=${id}`).then((p) => p.Pushes ?? [])
export const sdkURL = (userId: string) =>
  get<{ SdkURL: string }>(`company/sdk-url?SeatUserId=${encodeURIComponent(userId)}`, { method: 'POST' }).then((r) => r.SdkURL)
