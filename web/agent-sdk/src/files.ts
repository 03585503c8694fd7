import type { Connection } from './connection'
import { settle } from './errors'
import type { ActiveSession, AdminApi, SeatSettings, SkillGroup } from './types'
import type { CallerNumber, Day, Files, Note, PastCall } from './ui/office'

interface Page {
  records: (Omit<PastCall, 'startAt'> & { startAt: number | string })[]
  before?: string
}

/** A day as the server tells it: hours by when they begin, since it does not know the agent's time zone. */
type ServerDay = Omit<Day, 'hours'> & { hours: { at: number; in: number; out: number; missed: number }[] }

/** What the workbench asks the server for: the agent's past, his notes, his numbers. */
export function filesOf(connection: Connection, calls: { transferCancel(o: { sessionId: string }): Promise<unknown>; resumeHere(o: { sessionId: string }): Promise<unknown> }): Files {
  const ask = <T>(method: string, params: object = {}) => settle(connection.request<T>(method, params))
  return {
    records: async (options) => {
      const page = await ask<Page>('records.mine', options)
      return { ...page, records: page.records.map((r) => ({ ...r, startAt: millis(r.startAt) })) }
    },
    day: async () => {
      const day = await ask<ServerDay>('records.day', { from: new Date().setHours(0, 0, 0, 0) })
      return { ...day, hours: day.hours.map(({ at, ...counts }) => ({ hour: new Date(at).getHours(), ...counts })) }
    },
    note: (sessionId) => ask<Note>('note.get', { sessionId }),
    putNote: (sessionId, note) => ask('note.put', { sessionId, ...note }),
    putContact: (phoneNumber, remark) => ask('contact.put', { phoneNumber, remark }),
    numbers: async () => listOf<CallerNumber>(await ask('numbers.mine'), 'numbers'),
    running: async () => (await activeSessions(connection)).map((s) => ({ ...s, startAt: millis(s.startAt), acceptAt: s.acceptAt && millis(s.acceptAt) })),
    settings: (change) => ask<SeatSettings>('agent.settings', change),
    checkLink: async () => (await checkLink(connection)).url,
    cancelTransfer: (sessionId) => calls.transferCancel({ sessionId }),
    takeHere: (sessionId) => calls.resumeHere({ sessionId }),
  }
}

/** The public face of what concerns more than the agent himself. */
export function adminApi(connection: Connection): AdminApi {
  return {
    getSkillGroups: async () => {
      const groups = listOf<SkillGroup>(await settle(connection.request('groups.list')), 'groups')
      return groups.map((g) => ({ ...g, skillGroupId: String(g.skillGroupId) }))
    },
    getActiveSessions: () => activeSessions(connection),
  }
}

/** A self-check page that lets this agent in. */
export function checkLink(connection: Connection): Promise<{ url: string }> {
  return settle(connection.request<{ url: string }>('check.link'))
}

async function activeSessions(connection: Connection): Promise<ActiveSession[]> {
  return listOf<ActiveSession>(await settle(connection.request('sessions.active')), 'sessions')
}

/** A list that is the answer, or a member of it. */
function listOf<T>(answer: unknown, name: string): T[] {
  if (Array.isArray(answer)) return answer as T[]
  const list = (answer as Record<string, unknown> | null)?.[name]
  return Array.isArray(list) ? (list as T[]) : []
}

/** Times come as Unix milliseconds, or as RFC 3339. */
function millis(time: number | string): number {
  return typeof time === 'string' ? Date.parse(time) : time
}
