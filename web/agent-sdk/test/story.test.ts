import { afterEach, describe, expect, it, vi } from 'vitest'
import { Refusal, ringing, settled, signedIn, view, World } from './world'

afterEach(() => vi.useRealTimers())

describe('signing in', () => {
  it('says hello with the token and is ready', async () => {
    const w = await signedIn()
    expect(w.server.asked('hello')).toEqual([{ version: 1, tabUUID: 'tab-1', token: 'token-1' }])
    expect(w.payload('ready')).toEqual({ tabUUID: 'tab-1', data: { tabUUID: 'tab-1' } })
    expect(w.tccc.Agent.getStatus()).toBe('free')
    expect(w.events).toEqual(['ready', 'statusChanged'])
  })

  it('tells ready once more to who listens too late, and only once', async () => {
    const w = await signedIn()
    const late = vi.fn()
    w.tccc.on(w.tccc.events.ready, late)
    expect(late).not.toHaveBeenCalled()
    await settled()
    expect(late).toHaveBeenCalledTimes(1)
  })

  it('raises tokenExpired when the token is no longer good, and stays out', async () => {
    vi.useFakeTimers()
    const w = new World()
    w.server.answers['hello'] = () => new Refusal('AuthFailure.TokenFailure', 'expired')
    w.client.start()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(w.events).toEqual(['tokenExpired'])
    expect(w.payload('tokenExpired')['message']).toBe('expired')
    expect(w.server.sockets).toHaveLength(1)
    await expect(w.tccc.Agent.setStatus({ status: 'rest' })).rejects.toMatchObject({ status: 'error', code: 'Closed' })
  })

  it('is put out by another login', async () => {
    const w = await signedIn()
    w.server.event('kickedOut')
    w.server.socket.break(4001)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(w.events.filter((e) => e === 'kickedOut')).toHaveLength(1)
    expect(w.server.sockets).toHaveLength(1)
    expect(w.tccc.Agent.getStatus()).toBe('offline')
  })
})

describe('an inbound call', () => {
  it('rings, is accepted with the offer made while it rang, talks, ends', async () => {
    const w = await signedIn()
    w.server.event('callIn', ringing)
    expect(w.payload('callIn')).toMatchObject({ ...ringing, data: ringing })
    await settled()
    expect(w.peers).toHaveLength(1)
    const accepted = w.tccc.Call.accept({ sessionId: 's1' })
    await expect(accepted).resolves.toEqual({ status: 'success', data: {} })
    expect(w.server.asked('call.accept')).toEqual([{ sessionId: 's1', sdp: 'offer of pc1' }])
    expect(w.peers[0]?.remote).toBe('answer to offer of pc1')
    w.server.event('userAccessed', { sessionId: 's1', tabUUID: 'tab-1' })
    await w.tccc.Call.hungUp({ sessionId: 's1' })
    w.server.event('sessionEnded', { sessionId: 's1', closeBy: 'seat' })
    expect(w.events).toEqual(['ready', 'statusChanged', 'callIn', 'userAccessed', 'sessionEnded'])
    expect(w.peers[0]?.connectionState).toBe('closed')
    await settled()
    expect(w.open).toBe(0)
    await w.tccc.Call.deleteCall({ sessionId: 's1' })
    expect(w.events.at(-1)).toBe('sessionCompleted')
  })

  it('opens no microphone while it rings when the agent would be asked', async () => {
    const w = await signedIn()
    w.devices.permission = 'prompt'
    w.server.event('callIn', ringing)
    await settled()
    expect(w.peers).toHaveLength(0)
  })

  it('keeps ringing when the microphone is denied, and says why', async () => {
    const w = await signedIn()
    w.devices.denied = 'NotAllowedError'
    w.server.event('callIn', ringing)
    const error = await w.tccc.Call.accept({ sessionId: 's1' }).catch((e: unknown) => e)
    expect(error).toMatchObject({ status: 'error', code: 'MicrophoneDenied', errorMsg: expect.any(String), errMsg: expect.any(String) })
    expect(w.server.asked('call.accept')).toEqual([])
    expect(w.client.sessions.get('s1')?.phase).toBe('ringing')
  })

  it('is accepted once though it is asked twice', async () => {
    const w = await signedIn()
    w.server.event('callIn', ringing)
    await Promise.all([w.tccc.Call.accept({ sessionId: 's1' }), w.tccc.Call.accept({ sessionId: 's1' })])
    expect(w.server.asked('call.accept')).toHaveLength(1)
  })

  it('goes on to another agent, and the microphone is closed', async () => {
    const w = await signedIn()
    w.server.event('callIn', ringing)
    await settled()
    w.server.event('autoTransfer', { sessionId: 's1' })
    await settled()
    expect(w.events.at(-1)).toBe('autoTransfer')
    expect(w.client.sessions.list()).toEqual([])
    expect(w.open).toBe(0)
  })

  it('is declined by end while it rings', async () => {
    const w = await signedIn()
    w.server.event('callIn', ringing)
    await w.tccc.Call.end({ sessionId: 's1' })
    expect(w.server.asked('call.decline')).toEqual([{ sessionId: 's1' }])
  })

  it('is told once though the server says it twice', async () => {
    const w = await signedIn()
    for (const name of ['callIn', 'callIn']) w.server.event(name, ringing)
    for (let i = 0; i < 2; i++) w.server.event('userAccessed', { sessionId: 's1' })
    for (let i = 0; i < 2; i++) w.server.event('sessionEnded', { sessionId: 's1', closeBy: 'client' })
    expect(w.events.slice(2)).toEqual(['callIn', 'userAccessed', 'sessionEnded'])
  })
})

describe('a call out', () => {
  const response = { sessionId: 's1', calleePhoneNumber: '008610086', callerPhoneNumber: '00864008001000', serverType: 'staffSeat' }

  it('answers flat and under data, and brings the sound', async () => {
    const w = await signedIn()
    w.server.answers['call.start'] = () => response
    const out = await w.tccc.Call.startOutboundCall({ phoneNumber: '10086', skillGroupId: 7 })
    expect(out).toEqual({ status: 'success', data: response, ...response })
    expect(w.server.asked('call.start')[0]).toMatchObject({ phoneNumber: '10086', skillGroupId: '7' })
    w.server.event('callOuted', response)
    await settled()
    expect(w.server.asked('media.offer')).toEqual([{ sessionId: 's1', sdp: 'offer of pc1' }])
    w.server.event('calloutAccepted', { sessionId: 's1' })
    expect(w.events.slice(2)).toEqual(['callOuted', 'calloutAccepted'])
  })

  it('leaves no microphone open when the server refuses', async () => {
    const w = await signedIn()
    w.server.answers['call.start'] = () => new Refusal('FailedOperation.SeatStatusBusy', 'busy')
    await expect(w.tccc.Call.startOutboundCall({ phoneNumber: '10086' })).rejects.toMatchObject({
      code: 'FailedOperation.SeatStatusBusy',
      errorMsg: 'busy',
    })
    await settled()
    expect(w.open).toBe(0)
  })

  it('ends in time though the server never answers', async () => {
    const w = await signedIn()
    w.server.answers['call.start'] = () => undefined
    const out = expect(w.tccc.Call.startOutboundCall({ phoneNumber: '10086' })).rejects.toMatchObject({ code: 'Timeout' })
    await vi.advanceTimersByTimeAsync(10_000)
    await out
  })
})

describe('in a talk', () => {
  async function talking(): Promise<World> {
    const w = await signedIn()
    w.server.event('callIn', ringing)
    await w.tccc.Call.accept({ sessionId: 's1' })
    w.server.event('userAccessed', { sessionId: 's1' })
    return w
  }

  it('the microphone is muted at once and the server is told', async () => {
    const w = await talking()
    const muted = w.tccc.Call.muteMic({ sessionId: 's1' })
    await settled()
    expect(w.peers[0]?.track?.enabled).toBe(false)
    await muted
    expect(w.server.asked('call.mute')).toEqual([{ sessionId: 's1', on: true }])
    expect(await w.tccc.Call.isMicMuted({ sessionId: 's1' })).toEqual({ status: 'success', isMicMuted: true, data: { isMicMuted: true } })
    await w.tccc.Call.unmuteMic({ sessionId: 's1' })
    expect(w.peers[0]?.track?.enabled).toBe(true)
  })

  it('holds, takes back, sends digits', async () => {
    const w = await talking()
    await w.tccc.Call.hold({ sessionId: 's1' })
    expect(w.client.sessions.get('s1')?.held).toBe(true)
    await w.tccc.Call.unHold({ sessionId: 's1' })
    await w.tccc.Call.sendDigits({ sessionId: 's1', dtmfText: '12#' })
    await expect(w.tccc.Call.sendDigits({ sessionId: 's1', dtmfText: 'hello' })).rejects.toMatchObject({ code: 'InvalidParameter' })
    expect(w.server.asked('call.digits')).toEqual([{ sessionId: 's1', digits: '12#' }])
  })

  it('gets a new line when the old one fails', async () => {
    const w = await talking()
    w.peers[0]?.become('failed')
    await settled()
    expect(w.peers).toHaveLength(2)
    expect(w.server.asked('media.offer')).toEqual([{ sessionId: 's1', sdp: 'offer of pc2' }])
    expect(w.peers[1]?.remote).toBe('answer to offer of pc2')
  })

  it('goes on through a break of the connection, with the same line', async () => {
    const w = await talking()
    w.server.calls = [view('inProgress')]
    w.server.socket.break()
    await vi.advanceTimersByTimeAsync(1000)
    expect(w.server.asked('hello')[1]).toEqual({
      version: 1,
      tabUUID: 'tab-1',
      resume: 'resume-1',
      sdkAppId: 1400000001,
      userId: 'alice@demo.openseat',
    })
    expect(w.peers).toHaveLength(1)
    expect(w.events.filter((e) => e === 'ready' || e === 'userAccessed')).toHaveLength(2)
  })

  it('learns after a break that the call has ended', async () => {
    const w = await talking()
    w.server.socket.break()
    await vi.advanceTimersByTimeAsync(1000)
    expect(w.payload('sessionEnded')).toMatchObject({ sessionId: 's1', closeBy: 'admin', mainReason: 'connectionLost' })
  })

  it('tells a mistaken page what is wrong instead of throwing', async () => {
    const w = await talking()
    await expect(w.tccc.Call.accept({ sessionId: 'x' })).rejects.toMatchObject({ code: 'SessionNotFound' })
    await expect(w.tccc.Call.accept({ sessionId: 's1' })).rejects.toMatchObject({ code: 'SessionStateError' })
    await expect(w.tccc.Call.hungUp({} as never)).rejects.toMatchObject({ code: 'InvalidParameter' })
    await expect(w.tccc.Call.deleteCall({ sessionId: 's1' })).rejects.toMatchObject({ code: 'SessionStateError' })
  })
})

describe('a page that is loaded in the middle of a call', () => {
  it('takes the sound up again and tells the page, the microphone muted as it was', async () => {
    vi.useFakeTimers()
    const w = new World()
    w.server.calls = [{ ...view('inProgress'), muted: true }]
    w.client.start()
    await settled()
    expect(w.events).toEqual(['ready', 'statusChanged', 'userAccessed'])
    expect(w.payload('userAccessed')).toMatchObject({ sessionId: 's1', restored: true })
    expect(w.peers[0]?.remote).toBe('answer to offer of pc1')
    expect(w.peers[0]?.track?.enabled).toBe(false)
  })

  it('rings on when the call still rings', async () => {
    vi.useFakeTimers()
    const w = new World()
    w.server.calls = [view('ringing')]
    w.client.start()
    await settled()
    expect(w.events).toEqual(['ready', 'statusChanged', 'callIn'])
    await w.tccc.Call.accept({ sessionId: 's1' })
  })

  it('shows a call out that is under way', async () => {
    vi.useFakeTimers()
    const w = new World()
    w.server.calls = [view('inProgress', 1)]
    w.client.start()
    await settled()
    expect(w.events).toEqual(['ready', 'statusChanged', 'callOuted', 'calloutAccepted'])
  })
})
