import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Incoming, Snapshot } from '../src/wire'
import { settled, World } from './world'

afterEach(() => vi.useRealTimers())

const fixtures = import.meta.glob<Incoming[]>('./fixtures/*.json', { eager: true, import: 'default' })

function fixture(name: string): Incoming[] {
  return fixtures[`./fixtures/${name}.json`] ?? []
}

/** Replays what the server said to one page (written by the gateway's tests, edge/gateway/fixtures_test.go). */
async function replay(name: string): Promise<World> {
  vi.useFakeTimers()
  const [hello, ...rest] = fixture(name)
  const world = new World()
  world.server.answers['hello'] = () => hello?.result
  world.client.start()
  await settled()
  for (const message of rest) {
    if (message.event) world.server.socket.say(message)
    await settled()
  }
  return world
}

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

  it('in the shape the SDK reads', () => {
    const [hello] = fixture('reload') as { result: Snapshot }[]
    expect(hello?.result).toMatchObject({ sdkAppId: expect.any(Number), now: expect.any(Number), settings: { ping: 4000, dead: 10000 } })
  })
})
