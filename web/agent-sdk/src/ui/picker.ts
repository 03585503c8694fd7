import { isNumber } from './format'
import type { Roster, RosterAgent, RosterGroup } from './office'

/** Whom a call can be given to. */
export type Target =
  | { kind: 'group'; key: string; group: RosterGroup }
  | { kind: 'agent'; key: string; agent: RosterAgent }
  | { kind: 'outside'; key: string; phone: string }

/** How many are shown; the others are found by typing. */
const most = 100

const order: Record<string, number> = { free: 0, arrange: 1, busy: 2, notReady: 3, rest: 4, offline: 5 }

/** Who is ready comes first, then by name. */
export function byReadiness(a: RosterAgent, b: RosterAgent): number {
  return (order[a.status] ?? 9) - (order[b.status] ?? 9) || a.name.localeCompare(b.name)
}

/** Whether an agent is meant by what was typed: by name, account, staff number or group. */
export function isMeant(agent: RosterAgent, typed: string, groups: RosterGroup[] = []): boolean {
  const wanted = typed.trim().toLowerCase()
  if (!wanted) return true
  const mine = groups.filter((g) => agent.skillGroups.map(String).includes(String(g.skillGroupId))).map((g) => g.skillGroupName)
  return [agent.name, agent.userId, agent.staffNumber, ...mine].some((word) => word.toLowerCase().includes(wanted))
}

/** The targets that fit what was typed, in the order they are shown. A number that is typed can be called too. */
export function targets(roster: Roster, typed: string, self: string): Target[] {
  const wanted = typed.trim().toLowerCase()
  const groups = roster.groups
    .filter((g) => g.skillGroupName.toLowerCase().includes(wanted))
    .map((group): Target => ({ kind: 'group', key: `g${group.skillGroupId}`, group }))
  const agents = roster.agents
    .filter((a) => a.userId !== self && isMeant(a, typed))
    .sort(byReadiness)
    .map((agent): Target => ({ kind: 'agent', key: `u${agent.userId}`, agent }))
  const outside: Target[] = isNumber(typed) ? [{ kind: 'outside', key: 'outside', phone: typed.trim() }] : []
  return [...outside, ...groups, ...agents].slice(0, most)
}

/** Whether a target can take a call now. A group without anybody may still queue it; a colleague who is away may be asked nothing. */
export function canTake(target: Target): boolean {
  if (target.kind === 'group') return target.group.online > 0
  return target.kind === 'outside' || target.agent.status !== 'offline'
}
