import { afterEach, describe, expect, it, vi } from 'vitest'
import { Refusal, settled, signedIn } from './world'

afterEach(() => vi.useRealTimers())

describe('the connection', () => {
  it('answers every ping', async () => {
    const w = await signedIn()
    w.server.event('ping')
    expect(w.server.socket.sent.at(-1)).toEqual({ method: 'pong' })
  })

  it('comes back when nothing is heard for ten seconds', async () => {
    const w = await signedIn()
    await vi.advanceTimersByTimeAsync(9_000)
    expect(w.server.sockets).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(3_000)
    expect(w.server.sockets.length).toBeGreaterThan(1)
    expect(w.client.state).toBe('connected')
  })

  it('tries again with growing pauses of at most five seconds', async () => {
    const w = await signedIn({ random: () => 0.999 })
    w.server.up = false
    w.server.socket.break()
    await vi.advanceTimersByTimeAsync(2_000)
    const soon = w.server.sockets.length
    expect(soon).toBeGreaterThanOrEqual(4)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(w.server.sockets.length - soon).toBeLessThanOrEqual(14)
    w.server.up = true
    w.client.wake()
    await settled()
    expect(w.client.state).toBe('connected')
  })

  it('sends what was asked during a break when it is back', async () => {
    const w = await signedIn()
    w.server.socket.break()
    const set = w.tccc.Agent.setStatus({ status: 'rest', restReason: 'lunch' })
    await vi.advanceTimersByTimeAsync(1_000)
    await expect(set).resolves.toMatchObject({ status: 'success' })
  })

  it('fails what was on its way when it broke', async () => {
    const w = await signedIn()
    w.server.answers['agent.setStatus'] = () => undefined
    const set = expect(w.tccc.Agent.setStatus({ status: 'rest' })).rejects.toMatchObject({ code: 'ConnectionLost' })
    await settled()
    w.server.socket.break()
    await set
  })

  it('uses the newest resume credential', async () => {
    const w = await signedIn()
    w.server.event('resume', { resume: 'newer' })
    w.server.socket.break()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(w.server.asked('hello')[1]).toMatchObject({ resume: 'newer' })
  })

  it('does not come back when another page took its place meanwhile', async () => {
    const w = await signedIn()
    w.server.answers['hello'] = () => new Refusal('FailedOperation.SignedInElsewhere')
    w.server.socket.break()
    await vi.advanceTimersByTimeAsync(30_000)
    expect(w.events.at(-1)).toBe('kickedOut')
    expect(w.server.sockets).toHaveLength(2)
  })

  it('takes the whole picture when an event is missing', async () => {
    const w = await signedIn()
    w.server.answers['resync'] = () => ({ ...w.server.snapshot(), status: { status: 'rest', since: 5 } })
    w.server.event('ping')
    w.server.seq += 3
    w.server.event('ping')
    await settled()
    expect(w.tccc.Agent.getStatus()).toBe('rest')
  })

  it('stays out of duty through a break when the agent went offline', async () => {
    const w = await signedIn()
    w.tccc.Agent.offline()
    await settled()
    w.server.socket.break()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(w.server.asked('hello')[1]).toMatchObject({ offline: true })
    w.tccc.Agent.online()
    expect(w.server.asked('agent.online')).toHaveLength(1)
  })

  it('says bye when the account is switched', async () => {
    const w = await signedIn()
    w.client.stop(true)
    expect(w.server.asked('bye')).toHaveLength(1)
    expect(w.server.socket.closed).toBe(1000)
  })
})

describe('status', () => {
  it('is told when it changes, and a late word of an earlier one is not believed', async () => {
    const w = await signedIn()
    w.server.event('statusChanged', { status: 'busy', since: 10 })
    w.server.event('statusChanged', { status: 'free', since: 5 })
    w.server.event('statusChanged', { status: 'busy', since: 10 })
    expect(w.tccc.Agent.getStatus()).toBe('busy')
    expect(w.events.filter((e) => e === 'statusChanged')).toHaveLength(2)
  })
})
