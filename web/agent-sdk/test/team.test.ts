import { afterEach, describe, expect, it, vi } from 'vitest'
import { FakeServer, Refusal, ringing, settled, signedIn, view } from './world'
import type { Settings, World } from './world'

afterEach(() => vi.useRealTimers())

const bob = 'bob@demo.openseat'

async function talking(settings: Settings = {}): Promise<World> {
  const w = await signedIn(settings)
  w.server.event('callIn', ringing)
  await w.tccc.Call.accept({ sessionId: 's1' })
  w.server.event('userAccessed', { sessionId: 's1', tabUUID: 'tab-1' })
  return w
}

describe('a transfer', () => {
  it.each([
    ['to a colleague', { userId: bob }],
    ['to a skill group', { skillGroupId: '2' }],
  ])('%s is asked for and shown until it is taken', async (_, target) => {
    const w = await talking()
    await w.tccc.Call.transfer({ sessionId: 's1', ...target })
    expect(w.server.asked('call.transfer')).toEqual([{ sessionId: 's1', ...target }])
    w.server.event('transfer', { sessionId: 's1', ...target })
    expect(w.client.sessions.get('s1')?.transfer).toEqual(target)
    expect(w.payload('transfer')).toMatchObject(target)
    w.server.event('sessionEnded', { sessionId: 's1', closeBy: 'seat' })
    expect(w.client.sessions.get('s1')).toMatchObject({ phase: 'ended', transfer: undefined })
  })

  it('to a group whose id is a number is asked for by text', async () => {
    const w = await talking()
    await w.tccc.Call.transfer({ sessionId: 's1', skillGroupId: 2 })
    expect(w.server.asked('call.transfer')).toEqual([{ sessionId: 's1', skillGroupId: '2' }])
  })

  it('that nobody takes gives the customer back', async () => {
    const w = await talking()
    w.server.event('transfer', { sessionId: 's1', userId: bob })
    w.server.event('transferFailed', { sessionId: 's1', userId: bob, code: 'ringTimeout', reason: 'nobody answered' })
    expect(w.client.sessions.get('s1')).toMatchObject({ phase: 'talking', transfer: undefined })
    expect(w.payload('transferFailed')).toMatchObject({ userId: bob, code: 'ringTimeout' })
  })

  it('can be taken back', async () => {
    const w = await talking()
    w.server.event('transfer', { sessionId: 's1', userId: bob })
    await w.tccc.Call.transferCancel({ sessionId: 's1' })
    expect(w.server.asked('call.transferCancel')).toEqual([{ sessionId: 's1' }])
    expect(w.client.sessions.get('s1')?.transfer).toBeUndefined()
  })

  it.each([[{}], [{ userId: bob, skillGroupId: '2' }]])('to %o is refused', async (target) => {
    const w = await talking()
    await expect(w.tccc.Call.transfer({ sessionId: 's1', ...target })).rejects.toMatchObject({ code: 'InvalidParameter' })
    expect(w.server.asked('call.transfer')).toEqual([])
  })
})

describe('a consultation', () => {
  it('brings somebody in, takes the customer back, and sends the third away', async () => {
    const w = await talking()
    w.server.answers['call.invite'] = () => ({ memberId: 'a2' })
    const invited = await w.tccc.Call.invite({ sessionId: 's1', callee: { userId: bob } })
    expect(invited).toEqual({ status: 'success', memberId: 'a2', data: { memberId: 'a2' } })
    expect(w.server.asked('call.invite')).toEqual([{ sessionId: 's1', callee: { userId: bob }, allowQueue: false }])
    for (const state of ['ringing', 'talking']) {
      w.server.event('memberStateChanged', { sessionId: 's1', memberId: 'a2', type: 'agent', userId: bob, state })
    }
    w.server.event('memberStateChanged', { sessionId: 's1', memberId: 'c', type: 'customer', phoneNumber: '008613800138000', state: 'held' })
    expect(w.client.sessions.get('s1')?.members).toMatchObject([
      { memberId: 'a2', userId: bob, state: 'talking' },
      { memberId: 'c', state: 'held' },
    ])
    await w.tccc.Call.reconnect({ sessionId: 's1' })
    await w.tccc.Call.reconnect({ sessionId: 's1', memberId: 'a2' })
    expect(w.server.asked('call.reconnect')).toEqual([{ sessionId: 's1' }, { sessionId: 's1', memberId: 'a2' }])
    await w.tccc.Call.kick({ sessionId: 's1', memberId: 'a2' })
    expect(w.server.asked('call.kick')).toEqual([{ sessionId: 's1', memberId: 'a2' }])
    w.server.event('memberStateChanged', { sessionId: 's1', memberId: 'a2', type: 'agent', userId: bob, state: 'left' })
    expect(w.client.sessions.get('s1')?.members.map((m) => m.memberId)).toEqual(['c'])
  })

  it.each([
    ['ResourceUnavailable', '-8001'],
    ['FailedOperation.SeatStatusBusy', '-8003'],
    ['FailedOperation.CallOutFailed', '-8002'],
    ['ResourceNotFound', '-7'],
    ['InvalidParameterValue.RecordNotExist', '-7'],
    ['InternalError', '-999'],
  ])('that the server refuses with %s is rejected with %s', async (given, code) => {
    const w = await talking()
    w.server.answers['call.invite'] = () => new Refusal(given, 'why')
    const invited = w.tccc.Call.invite({ sessionId: 's1', callee: { skillGroupId: 2 }, allowQueue: true })
    await expect(invited).rejects.toMatchObject({ code, message: 'why', errorMsg: 'why', status: 'error' })
  })

  it.each([
    ['a session that is not there', 'x', { userId: bob }, '-7'],
    ['nobody', 's1', {}, '-999'],
    ['two at once', 's1', { userId: bob, phone: '10086' }, '-999'],
  ])('of %s is rejected', async (_, sessionId, callee, code) => {
    const w = await talking()
    await expect(w.tccc.Call.invite({ sessionId, callee })).rejects.toMatchObject({ code })
    expect(w.server.asked('call.invite')).toEqual([])
  })
})

describe('an internal call', () => {
  it('is begun as a call out is', async () => {
    const w = await signedIn()
    w.server.answers['call.internal'] = () => ({ sessionId: 's1', serverType: 'staffSeat', peerUserId: bob })
    const out = await w.tccc.Call.startInternalCall({ calleeUserId: bob })
    expect(out).toMatchObject({ status: 'success', sessionId: 's1', data: { sessionId: 's1' } })
    expect(w.server.asked('call.internal')).toEqual([{ calleeUserId: bob, useMobile: false }])
    w.server.event('callOuted', { sessionId: 's1', type: 'internal', peerUserId: bob, serverType: 'staffSeat', tabUUID: 'tab-1' })
    await settled()
    expect(w.client.sessions.get('s1')).toMatchObject({ type: 'internal', peerUserId: bob, direction: 'out', here: true })
    expect(w.server.asked('media.offer')).toHaveLength(1)
  })

  it('comes in with the colleague’s account', async () => {
    const w = await signedIn()
    w.server.event('callIn', { sessionId: 's1', type: 'internal', timeout: 20, peerUserId: bob, calleePhoneNumber: '', serverType: 'staffSeat' })
    expect(w.payload('callIn')).toMatchObject({ type: 'internal', peerUserId: bob })
    expect(w.client.sessions.get('s1')).toMatchObject({ type: 'internal', peerUserId: bob, phase: 'ringing' })
  })
})

describe('a call out that is handed on', () => {
  const handed = { ...ringing, direction: 1, callerPhoneNumber: '00864008001000', calleePhoneNumber: '008613800138000', transferFrom: 'dave@demo.openseat' }

  it('rings with the customer as the callee, and is answered as any other', async () => {
    const w = await signedIn()
    w.server.event('callIn', handed)
    expect(w.client.sessions.get('s1')).toMatchObject({ direction: 'out', rung: true, transferFrom: 'dave@demo.openseat', peerUserId: '' })
    await w.tccc.Call.accept({ sessionId: 's1' })
    w.server.event('userAccessed', { sessionId: 's1', tabUUID: 'tab-1' })
    expect(w.events.slice(2)).toEqual(['callIn', 'userAccessed'])
  })

  it.each([
    ['ringing', 'callIn'],
    ['inProgress', 'userAccessed'],
  ] as const)('is found %s by a page that is loaded then', async (state, event) => {
    vi.useFakeTimers()
    const server = new FakeServer()
    server.calls = [{ ...view(state, 1), role: 'invited', peerUserId: 'dave@demo.openseat' }]
    const w = await signedIn({ server })
    expect(w.events).toEqual(['ready', 'statusChanged', event])
    expect(w.client.sessions.get('s1')).toMatchObject({ inviteFrom: 'dave@demo.openseat', direction: 'out', rung: true })
  })
})

describe('a supervisor', () => {
  async function supervising(mode: object = {}): Promise<World> {
    const w = await signedIn()
    w.server.answers['call.monitor'] = (p) => ({ ...view('inProgress'), sessionId: p['sessionId'] })
    await w.tccc.Call.monitor({ sessionId: 's1', ...mode })
    await settled()
    return w
  }

  it.each([
    [{}, 'listen'],
    [{ mode: 'whisper' }, 'whisper'],
    [{ mode: 'barge' }, 'barge'],
  ])('hears a call with %o', async (options, mode) => {
    const w = await supervising(options)
    expect(w.server.asked('call.monitor')).toEqual([{ sessionId: 's1', mode }])
    expect(w.client.sessions.get('s1')).toMatchObject({ type: 'monitor', monitor: mode, phase: 'talking', here: true })
    expect(w.server.asked('media.offer')).toHaveLength(1)
  })

  it('reads any number of calls without sound', async () => {
    const w = await supervising({ textOnly: true })
    await w.tccc.Call.monitor({ sessionId: 's2', textOnly: true })
    expect(w.server.asked('call.monitor').map((p) => p['mode'])).toEqual(['text', 'text'])
    expect(w.server.asked('media.offer')).toEqual([])
  })

  it('hears one at a time', async () => {
    const w = await supervising()
    await expect(w.tccc.Call.monitor({ sessionId: 's2' })).rejects.toMatchObject({ code: 'SessionStateError' })
    await w.tccc.Call.monitor({ sessionId: 's1', mode: 'whisper' })
    expect(w.client.sessions.get('s1')?.monitor).toBe('whisper')
    expect(w.peers).toHaveLength(1)
  })

  it('takes the call over, and keeps its sound', async () => {
    const w = await supervising()
    await w.tccc.Call.intercept({ sessionId: 's1' })
    w.server.event('userAccessed', { sessionId: 's1', tabUUID: 'tab-1' })
    expect(w.client.sessions.get('s1')).toMatchObject({ type: 'phone', monitor: undefined, phase: 'talking', here: true })
    expect(w.events.at(-1)).toBe('userAccessed')
    expect(w.peers).toHaveLength(1)
  })

  it('cannot take over what he does not monitor', async () => {
    const w = await talking()
    await expect(w.tccc.Call.intercept({ sessionId: 's1' })).rejects.toMatchObject({ code: 'SessionStateError' })
  })

  it('may not be one: the server says so', async () => {
    const w = await signedIn()
    w.server.answers['call.monitor'] = () => new Refusal('FailedOperation.PermissionDenied')
    await expect(w.tccc.Call.monitor({ sessionId: 's1' })).rejects.toMatchObject({ code: 'FailedOperation.PermissionDenied' })
    expect(w.client.sessions.list()).toEqual([])
  })

  it('sees the running calls and the groups', async () => {
    const w = await signedIn()
    w.server.answers['sessions.active'] = () => [{ sessionId: 's9', userId: bob }]
    w.server.answers['groups.list'] = () => [{ skillGroupId: 1, skillGroupName: 'Support', type: 0 }]
    expect(await w.tccc.Admin.getActiveSessions()).toEqual([{ sessionId: 's9', userId: bob }])
    expect(await w.tccc.Admin.getSkillGroups()).toEqual([{ skillGroupId: '1', skillGroupName: 'Support', type: 0 }])
  })
})

describe('colleagues and groups', () => {
  const group = { skillGroupId: 1, skillGroupName: 'Support', type: 0, waiting: 0, free: 1, online: 2 }
  const agent = { userId: bob, name: 'Bob', staffNumber: '1002', status: 'free', since: 1, skillGroups: [1], serverType: 'staffSeat' }

  it('are kept up while they are watched, over a break too', async () => {
    const w = await signedIn()
    w.server.answers['roster.watch'] = (p) => (p['on'] ? { groups: [group], agents: [agent] } : {})
    w.client.watchRoster(true)
    await settled()
    w.server.event('roster', { groups: [{ ...group, waiting: 3 }], agents: [{ ...agent, status: 'busy' }, { ...agent, userId: 'dave' }] })
    expect(w.client.roster?.groups).toEqual([{ ...group, waiting: 3 }])
    expect(w.client.roster?.agents.map((a) => [a.userId, a.status])).toEqual([
      [bob, 'busy'],
      ['dave', 'free'],
    ])
    w.server.event('roster', { groups: [], agents: [], gone: ['dave'], goneGroups: [1] })
    expect(w.client.roster).toMatchObject({ groups: [], agents: [{ userId: bob }] })
    w.server.socket.break()
    await vi.advanceTimersByTimeAsync(1000)
    expect(w.server.asked('roster.watch')).toEqual([{ on: true }, { on: true }])
    w.client.watchRoster(false)
    await settled()
    expect(w.client.roster).toBeUndefined()
  })
})
