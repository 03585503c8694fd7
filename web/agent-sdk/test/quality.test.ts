import { afterEach, describe, expect, it, vi } from 'vitest'
import { countsOf, gradeOf, grades, Quality } from '../src/quality'
import type { Counts } from '../src/quality'
import { ringing, settled, signedIn } from './world'
import type { World } from './world'

afterEach(() => vi.useRealTimers())

describe('a grade', () => {
  it.each([
    [{ rtt: -1, loss: -1, jitter: -1 }, 'unknown'],
    [{ rtt: 40, loss: 0, jitter: 5 }, 'excellent'],
    [{ rtt: 100, loss: 1, jitter: 20 }, 'excellent'],
    [{ rtt: 150, loss: 0, jitter: 5 }, 'good'],
    [{ rtt: 40, loss: 5, jitter: 5 }, 'poor'],
    [{ rtt: 40, loss: 0, jitter: 100 }, 'bad'],
    [{ rtt: 700, loss: -1, jitter: -1 }, 'vbad'],
    [{ rtt: 40, loss: 40, jitter: 5 }, 'vbad'],
  ])('of %o is %s', (figures, grade) => {
    expect(grades[gradeOf(figures)]).toBe(grade)
  })
})

/** Seconds of a call that is heard as it should be, 50 packets each. */
function second(i: number, change: Partial<Counts> = {}): Counts {
  return { at: 1000 * i, received: 50 * i, lostDown: 0, jitterDown: 3, sent: 50 * i, lostUp: 0, jitterUp: 3, rtt: 40, ...change }
}

describe('a call’s quality', () => {
  it('is unknown at first, and then what the counts say', () => {
    const q = new Quality('s1', 0)
    const told = [0, 1, 2, 3].map((i) => q.take(second(i), true).grade)
    expect(told).toEqual(['unknown', 'unknown', 'excellent', 'excellent'])
  })

  it('is the worse of both directions, of the last five seconds', () => {
    const q = new Quality('s1', 0)
    for (let i = 0; i < 5; i++) q.take(second(i), true)
    const bad = q.take(second(5, { lostUp: 20 }), true)
    expect(bad).toMatchObject({ lossUp: 8, up: 4, down: 1, quality: 4, grade: 'bad' })
    let last = bad
    for (let i = 6; i < 11; i++) last = q.take(second(i, { lostUp: 20 }), true)
    expect(last).toMatchObject({ lossUp: 0, grade: 'excellent' })
  })

  it('is down when nothing comes in for two seconds', () => {
    const q = new Quality('s1', 0)
    for (let i = 0; i < 4; i++) q.take(second(i), true)
    expect(q.take(second(4, { received: 150 }), true).down).toBe(1)
    expect(q.take(second(5, { received: 150 }), true)).toMatchObject({ down: 6, grade: 'down', up: 1 })
    expect(q.take(second(6, { received: 151 }), true).down).not.toBe(6)
  })

  it('is not down while nobody is to be heard', () => {
    const q = new Quality('s1', 0)
    for (let i = 0; i < 4; i++) q.take(second(i), true)
    for (let i = 4; i < 9; i++) q.take(second(i, { received: 150 }), false)
    expect(q.isSilent).toBe(false)
    expect(q.take(second(9, { received: 150 }), true).down).not.toBe(6) // it has only just begun to matter
  })

  it('counts losses as soon as the far end tells of them', () => {
    const q = new Quality('s1', 0)
    q.take(second(0, { lostUp: undefined }), true)
    for (let i = 1; i < 3; i++) q.take(second(i), true)
    expect(q.take(second(3), true)).toMatchObject({ lossUp: 0 })
  })

  it('does not mind that another is heard all of a sudden', () => {
    const q = new Quality('s1', 0)
    const told = [3, 3, 3, 129, 6, 3].map((jitterDown, i) => q.take(second(i, { jitterDown }), true).grade)
    expect(told.slice(2)).toEqual(['excellent', 'excellent', 'excellent', 'excellent'])
  })

  it('counts late packets as none lost', () => {
    const q = new Quality('s1', 0)
    for (let i = 0; i < 4; i++) q.take(second(i, { lostDown: 5 - i }), true)
    expect(q.take(second(4, { lostDown: 0 }), true).lossDown).toBe(0)
  })
})

const report = (received: number) => [
  { type: 'inbound-rtp', packetsReceived: received, packetsLost: 1, jitter: 0.004 },
  { type: 'outbound-rtp', packetsSent: 100 },
  { type: 'remote-inbound-rtp', packetsLost: 2, jitter: 0.006, roundTripTime: 0.05 },
  { type: 'candidate-pair', state: 'succeeded', nominated: true, currentRoundTripTime: 0.9 },
]

it('the browser’s report is read', () => {
  const counts = countsOf(new Map(report(70).map((r, i) => [String(i), r])), 7)
  expect(counts).toEqual({ at: 7, received: 70, lostDown: 1, jitterDown: 4, sent: 100, lostUp: 2, jitterUp: 6, rtt: 50 })
})

it('the browser’s report of several sources is one', () => {
  const two = [...report(70), { type: 'inbound-rtp', packetsReceived: 5, packetsLost: 1, jitter: 0.002 }]
  const counts = countsOf(new Map(two.map((r, i) => [String(i), r])), 7)
  expect(counts).toMatchObject({ received: 75, lostDown: 2 })
})

describe('a page', () => {
  async function talking(): Promise<World> {
    const w = await signedIn()
    w.server.event('callIn', ringing)
    await w.tccc.Call.accept({ sessionId: 's1' })
    w.server.event('userAccessed', { sessionId: 's1', tabUUID: 'tab-1' })
    await settled()
    return w
  }

  /** So many seconds, with new packets in each, or none. */
  async function seconds(w: World, n: number, packets: number): Promise<void> {
    for (let i = 0; i < n; i++) {
      const last = w.peers.at(-1)
      const before = Number(last?.report[0]?.['packetsReceived'] ?? 0)
      if (last) last.report = report(before + packets)
      await vi.advanceTimersByTimeAsync(1000)
    }
  }

  const told = (w: World, name: string) => w.heard.filter((h) => h.event === name)

  it('tells every second how the call’s sound travels', async () => {
    const w = await talking()
    await seconds(w, 5, 50)
    expect(told(w, 'networkQuality')).toHaveLength(5)
    expect(told(w, 'networkQuality')[4]?.payload).toMatchObject({ sessionId: 's1', quality: 1, grade: 'excellent', rtt: 50 })
    expect(w.client.sessions.get('s1')?.quality).toBe(1)
  })

  it('raises the alarm within three seconds when nothing comes in, and takes it back', async () => {
    const w = await talking()
    await seconds(w, 4, 50)
    await seconds(w, 3, 0)
    expect(w.payload('mediaOneWay')).toMatchObject({ sessionId: 's1', side: 'agent', direction: 'in' })
    expect(w.client.sessions.get('s1')?.oneWay).toEqual({ side: 'agent', direction: 'in' })
    await seconds(w, 3, 0)
    expect(told(w, 'mediaOneWay')).toHaveLength(1)
    await seconds(w, 1, 50)
    expect(told(w, 'mediaRestored')).toHaveLength(1)
    expect(w.client.sessions.get('s1')?.oneWay).toBeUndefined()
  })

  it('leaves the word to the server when that was first', async () => {
    const w = await talking()
    await seconds(w, 4, 50)
    w.server.event('mediaOneWay', { sessionId: 's1', side: 'customer', direction: 'in' })
    await seconds(w, 5, 0)
    expect(told(w, 'mediaOneWay')).toHaveLength(1)
    w.server.event('mediaRestored', { sessionId: 's1', side: 'customer', direction: 'in' })
    await seconds(w, 1, 50)
    expect(told(w, 'mediaRestored')).toHaveLength(1)
  })

  it('is not alarmed while the customer is held, or being handed on', async () => {
    const w = await talking()
    await seconds(w, 4, 50)
    await w.tccc.Call.hold({ sessionId: 's1' })
    await seconds(w, 5, 0)
    await w.tccc.Call.unHold({ sessionId: 's1' })
    w.server.event('transfer', { sessionId: 's1', userId: 'bob' })
    await seconds(w, 5, 0)
    expect(told(w, 'mediaOneWay')).toEqual([])
  })

  it('says down when the line has broken', async () => {
    const w = await talking()
    await seconds(w, 4, 50)
    w.server.answers['media.offer'] = () => undefined // the way is cut
    w.peers[0]?.become('failed')
    await vi.advanceTimersByTimeAsync(3000)
    expect(told(w, 'networkQuality').at(-1)?.payload['grade']).toBe('down')
  })
})

describe('the connection', () => {
  it('tells when it breaks and when it is back, after status and calls were brought up to date', async () => {
    const w = await signedIn()
    w.server.answers['hello'] = () => ({ ...w.server.snapshot(), status: { status: 'rest', since: 9 } })
    w.server.socket.break()
    expect(w.events.at(-1)).toBe('reconnecting')
    await vi.advanceTimersByTimeAsync(1000)
    expect(w.events.slice(-3)).toEqual(['reconnecting', 'statusChanged', 'reconnected'])
    expect(w.payload('reconnected')['downtime']).toEqual(expect.any(Number))
  })

  it('tells once of a network that is gone for ten seconds', async () => {
    const w = await signedIn()
    w.server.up = false
    w.server.socket.break()
    await vi.advanceTimersByTimeAsync(10_000)
    w.server.up = true
    await vi.advanceTimersByTimeAsync(10_000)
    expect(w.events.filter((e) => e.startsWith('reconnect'))).toEqual(['reconnecting', 'reconnected'])
    expect(w.payload('reconnected')['downtime']).toBeGreaterThanOrEqual(10_000)
  })
})
