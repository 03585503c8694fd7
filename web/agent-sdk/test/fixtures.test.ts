import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Incoming, Snapshot } from '../src/wire'
import { settled, World } from './world'
import type { Settings } from './world'

afterEach(() => vi.useRealTimers())

const fixtures = import.meta.glob<Incoming[]>('./fixtures/*.json', { eager: true, import: 'default' })

function fixture(name: string): Incoming[] {
  return fixtures[`./fixtures/${name}.json`] ?? []
}

/** Answers of the server in a fixture, after hello, in order. */
function answers(name: string): unknown[] {
  return fixture(name)
    .slice(1)
    .filter((m) => m.id !== undefined)
    .map((m) => m.result)
}

/** A page that has come in as the fixture's did, and hears the rest when it is told to. */
async function page(name: string, settings: Settings = {}) {
  vi.useFakeTimers()
  const [hello, ...rest] = fixture(name)
  const world = new World(settings)
  world.server.answers['hello'] = () => hello?.result
  world.client.start()
  await settled()
  const events = rest.filter((m) => m.event)
  /** Says the next events, so many or up to one of a name. */
  const say = async (until?: string) => {
    for (let next = events.shift(); next; next = events.shift()) {
      world.server.socket.say(next)
      await settled()
      if (next.event === until) return
    }
  }
  return { world, say }
}

/** Replays what the server said to one page (written by the gateway's tests, edge/gateway/fixtures_test.go). */
async function replay(name: string, settings: Settings = {}): Promise<World> {
  const { world, say } = await page(name, settings)
  await say()
  return world
}

const calls = (w: World) => w.events.filter((e) => e !== 'statusChanged')

describe('what the server really says', () => {
  it('of an inbound call', async () => {
    const w = await replay('inbound')
    const statuses = w.heard.filter((h) => h.event === 'statusChanged').map((h) => h.payload['status'])
    expect(w.events.filter((e) => e !== 'statusChanged')).toEqual(['ready', 'callIn', 'userAccessed', 'callChanged', 'sessionEnded'])
    expect(statuses).toEqual(['free', 'busy', 'free'])
    expect(w.payload('callIn')).toMatchObject({
      sessionId: 's1',
      type: 'phone',
      timeout: 20,
      callerPhoneNumber: '008613800138000',
      calleePhoneNumber: '00864008001000',
      ivrPath: [],
      serverType: 'staffSeat',
    })
    expect(w.payload('userAccessed')).toMatchObject({ sessionId: 's1', tabUUID: 'tab-1' })
    expect(w.payload('sessionEnded')).toMatchObject({ sessionId: 's1', closeBy: 'client' })
  })

  it('of a call that is declined', async () => {
    const w = await replay('declined')
    expect(w.events.filter((e) => e !== 'statusChanged')).toEqual(['ready', 'callIn', 'autoTransfer'])
    expect(w.client.sessions.list()).toEqual([])
  })

  it('of a call out', async () => {
    const w = await replay('outbound')
    expect(w.events.filter((e) => e !== 'statusChanged')).toEqual(['ready', 'callOuted', 'calloutAccepted', 'sessionEnded'])
    expect(w.payload('callOuted')).toMatchObject({
      callerPhoneNumber: '00864008001000',
      calleePhoneNumber: '008613800138000',
      serverType: 'staffSeat',
      remark: 'Ms Wang',
      tabUUID: 'tab-1',
    })
  })

  it('to a page that is loaded in the middle of a call', async () => {
    const w = await replay('reload')
    expect(w.events).toEqual(['ready', 'statusChanged', 'userAccessed'])
    expect(w.tccc.Agent.getStatus()).toBe('busy')
    expect(w.client.sessions.get('s1')).toMatchObject({ phase: 'talking', muted: true, held: false, direction: 'in' })
    expect(w.peers).toHaveLength(1)
  })

  it('to a page whose agent signs in elsewhere', async () => {
    const w = await replay('kicked')
    expect(w.events.at(-1)).toBe('kickedOut')
  })

  it('of a transfer that is taken', async () => {
    const { world: w, say } = await page('transfer')
    await say('memberStateChanged')
    expect(w.client.sessions.get('s1')?.transfer).toEqual({ userId: 'bob@demo.openseat' })
    await say()
    expect(w.payload('transfer')).toMatchObject({ sessionId: 's1', userId: 'bob@demo.openseat' })
    expect(w.client.sessions.get('s1')).toMatchObject({ phase: 'ended', closeBy: 'seat' })
  })

  it('of a transfer that fails', async () => {
    const { world: w, say } = await page('transferFailed')
    await say('transferFailed')
    expect(w.payload('transferFailed')).toMatchObject({ code: expect.any(String), reason: expect.any(String) })
    expect(w.client.sessions.get('s1')).toMatchObject({ phase: 'talking', transfer: undefined })
  })

  it('to the colleague who takes a transfer', async () => {
    const { world: w, say } = await page('transferred', { tabUUID: 'tab-2' })
    await say('userAccessed')
    expect(w.client.sessions.list()).toMatchObject([{ phase: 'talking', rung: true, transferFrom: 'alice@demo.openseat' }])
  })

  it('of a consultation', async () => {
    const { world: w, say } = await page('consult')
    await say('callChanged')
    expect(w.client.sessions.get('s1')?.members).toMatchObject([
      { memberId: 'c', state: 'held' },
      { memberId: 'a1', state: 'talking', skillGroupId: '1' },
      { memberId: 'a2', state: 'ringing', userId: 'bob@demo.openseat' },
    ])
    expect(w.client.sessions.get('s1')?.held).toBe(true)
    await say('callChanged')
    expect(w.client.sessions.get('s1')).toMatchObject({ held: false, here: true })
    await say()
    expect(w.events.filter((e) => e === 'memberStateChanged')).toHaveLength(6)
    expect(w.client.sessions.get('s1')?.phase).toBe('ended')
  })

  it.each(['monitor', 'intercept'])('to a supervisor: %s', async (name) => {
    const { world: w, say } = await page(name, { tabUUID: 'tab-3' })
    w.server.answers['call.monitor'] = () => answers(name)[0]
    await w.tccc.Call.monitor({ sessionId: 's1' })
    expect(w.client.sessions.get('s1')).toMatchObject({ type: 'monitor', monitor: 'listen', here: true, acceptAt: expect.any(Number) })
    expect(w.client.sessions.get('s1')?.members).toHaveLength(3)
    await say()
    expect(calls(w).filter((e) => e !== 'memberStateChanged')).toEqual(name === 'monitor' ? ['ready', 'sessionEnded'] : ['ready', 'userAccessed', 'sessionEnded'])
    expect(w.payload('sessionEnded')['type']).toBe(name === 'monitor' ? 'monitor' : 'phone')
  })

  it('of an internal call, to both', async () => {
    const caller = await replay('internal')
    expect(calls(caller)).toEqual(['ready', 'callOuted', 'calloutAccepted', 'sessionEnded'])
    expect(caller.payload('callOuted')).toMatchObject({ peerUserId: 'bob@demo.openseat' })
    const callee = await replay('internalIn', { tabUUID: 'tab-2' })
    expect(calls(callee)).toEqual(['ready', 'callIn', 'userAccessed', 'sessionEnded'])
    expect(callee.payload('callIn')).toMatchObject({ type: 'internal', peerUserId: 'alice@demo.openseat' })
    expect(callee.client.sessions.list()[0]).toMatchObject({ type: 'internal', direction: 'in', peerUserId: 'alice@demo.openseat' })
  })

  it('to a tab whose sister with the sound is closed', async () => {
    const { world: w, say } = await page('tabs', { tabUUID: 'tab-2', options: { shared: true } })
    await say('userAccessed')
    expect(w.client.sessions.get('s1')?.here).toBe(false)
    await say('callChanged')
    expect(w.client.sessions.get('s1')?.here).toBe(true)
    expect(w.server.asked('media.offer')).toHaveLength(1)
  })

  it('to a page that finds a call on another', async () => {
    const { world: w, say } = await page('elsewhere', { tabUUID: 'tab-2' })
    expect(w.client.sessions.get('s1')).toMatchObject({ elsewhere: true, here: false })
    await w.tccc.Call.resumeHere({ sessionId: 's1' })
    await say('callChanged')
    expect(w.client.sessions.get('s1')).toMatchObject({ elsewhere: false, here: true })
    expect(w.server.asked('media.offer')).toHaveLength(1)
  })

  it('of colleagues and groups', async () => {
    const { world: w, say } = await page('roster')
    w.server.answers['roster.watch'] = () => answers('roster')[0]
    w.server.answers['groups.list'] = () => answers('roster')[2]
    w.client.watchRoster(true)
    await settled()
    expect(w.client.roster?.groups).toMatchObject([{ skillGroupName: 'Support', free: 1, online: 1 }])
    await say()
    expect(w.client.roster?.groups).toMatchObject([{ free: 2, online: 2 }])
    expect(w.client.roster?.agents.map((a) => a.status)).toEqual(['free', 'free', 'offline'])
    expect(await w.tccc.Admin.getSkillGroups()).toEqual([{ skillGroupId: '1', skillGroupName: 'Support', type: 0 }])
  })

  it('of running calls', async () => {
    const w = await replay('sessions')
    w.server.answers['sessions.active'] = () => answers('sessions')[0]
    expect(await w.tccc.Admin.getActiveSessions()).toEqual([])
  })

  it('of a call that another tab takes out of the list', async () => {
    const w = await replay('completed')
    expect(w.events.at(-1)).toBe('sessionCompleted')
    expect(w.client.sessions.list()).toEqual([])
  })

  it('in the shape the SDK reads', () => {
    const [hello] = fixture('reload') as { result: Snapshot }[]
    expect(hello?.result).toMatchObject({ sdkAppId: expect.any(Number), now: expect.any(Number), settings: { ping: 4000, dead: 10000 } })
  })
})
