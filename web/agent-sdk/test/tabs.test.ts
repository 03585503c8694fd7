import { afterEach, describe, expect, it, vi } from 'vitest'
import { FakeDrawer, FakeLocks, FakeServer, Refusal, ringing, settled, view, World } from './world'
import type { Settings } from './world'

afterEach(() => vi.useRealTimers())

/** A browser with tabs of one agent; each has a connection of its own. */
class Browser {
  readonly locks = new FakeLocks()
  readonly local = new FakeDrawer()
  readonly tabs: World[] = []

  constructor(private readonly shared: boolean) {
    vi.useFakeTimers()
  }

  async open(settings: Settings = {}): Promise<World> {
    const tabUUID = `tab-${this.tabs.length + 1}`
    const { locks, local, shared } = this
    const tab = new World({ tabUUID, locks, local, options: { shared, token: `token of ${tabUUID}` }, ...settings })
    this.tabs.push(tab)
    tab.client.start()
    await settled()
    return tab
  }

  /** What the server tells every tab. */
  async tell(event: string, data: object): Promise<void> {
    for (const tab of this.tabs) tab.server.event(event, data)
    await settled()
  }

  get ring(): boolean[] {
    return this.tabs.map((t) => t.rings)
  }
}

describe('tabs that share one login', () => {
  it('tell the server the same name of the browser, in this and every later load', async () => {
    const b = new Browser(true)
    const [one, two] = [await b.open(), await b.open()]
    const name = one.server.asked('hello')[0]?.['shared']
    expect(name).toEqual(expect.any(String))
    expect(two.server.asked('hello')[0]?.['shared']).toBe(name)
    expect((await new Browser(false).open()).server.asked('hello')[0]?.['shared']).toBeUndefined()
  })

  it('ring once: the tab the agent looks at, and when it is closed another', async () => {
    const b = new Browser(true)
    await b.open({ rank: 1 })
    await b.open({ rank: 0 })
    await b.open({ rank: 2 })
    await b.tell('callIn', ringing)
    await vi.advanceTimersByTimeAsync(500)
    expect(b.ring).toEqual([false, true, false])
    b.locks.free('openseat.ring.1400000001.alice@demo.openseat') // the browser frees what a closed tab held
    await settled()
    expect(b.ring).toEqual([true, true, false]) // the second is closed, but its world does not know
    await b.tell('autoTransfer', { sessionId: 's1' })
    expect(b.ring).toEqual([false, false, false])
  })

  it('stop ringing when one of them answers, which alone has the sound', async () => {
    const b = new Browser(true)
    const [one, two] = [await b.open(), await b.open({ rank: 1 })]
    two.visible = false
    await b.tell('callIn', ringing)
    await vi.advanceTimersByTimeAsync(200)
    await one.tccc.Call.accept({ sessionId: 's1' })
    await b.tell('userAccessed', { sessionId: 's1', tabUUID: 'tab-1' })
    expect(b.ring).toEqual([false, false])
    expect(two.payload('userAccessed')).toMatchObject({ sessionId: 's1', tabUUID: 'tab-1' })
    expect([one.open, two.open]).toEqual([1, 0])
    expect(b.tabs.map((t) => t.client.sessions.get('s1')?.here)).toEqual([true, false])
  })

  it('let go of the sound that was made ready when another answers', async () => {
    const b = new Browser(true)
    const [one, two] = [await b.open(), await b.open()]
    await b.tell('callIn', ringing)
    await vi.advanceTimersByTimeAsync(200)
    expect([one.open, two.open]).toEqual([1, 1])
    await one.tccc.Call.accept({ sessionId: 's1' })
    await b.tell('userAccessed', { sessionId: 's1', tabUUID: 'tab-1' })
    expect([one.open, two.open]).toEqual([1, 0])
  })

  it('show a call that another tab has begun, without its sound', async () => {
    const b = new Browser(true)
    const [one, two] = [await b.open(), await b.open()]
    const response = { sessionId: 's1', calleePhoneNumber: '008610086', callerPhoneNumber: '00864008001000', serverType: 'staffSeat' }
    one.server.answers['call.start'] = () => response
    await one.tccc.Call.startOutboundCall({ phoneNumber: '10086' })
    await b.tell('callOuted', { ...response, tabUUID: 'tab-1' })
    expect(two.payload('callOuted')).toMatchObject({ tabUUID: 'tab-1' })
    expect([one.open, two.open]).toEqual([1, 0])
  })

  it('bring the sound when the server says that its tab is gone, muted as it was', async () => {
    const b = new Browser(true)
    const two = await b.open({ tabUUID: 'tab-2' })
    two.server.event('callIn', ringing)
    two.server.event('userAccessed', { sessionId: 's1', tabUUID: 'tab-1' })
    two.server.event('callChanged', { sessionId: 's1', muted: true, held: false, tabUUID: 'tab-1' })
    await settled()
    expect(two.server.asked('media.offer')).toEqual([])
    two.server.event('takeOver', { sessionId: 's1' })
    await settled()
    expect(two.server.asked('media.offer')).toEqual([{ sessionId: 's1', sdp: `offer of ${two.peers.at(-1)?.name ?? ''}` }])
    expect(two.peers.at(-1)?.track?.enabled).toBe(false)
    expect(two.client.sessions.get('s1')).toMatchObject({ here: true, tabUUID: 'tab-2', muted: true })
  })

  it('let go of the sound when another tab has it', async () => {
    const b = new Browser(true)
    const one = await b.open()
    one.server.event('callIn', ringing)
    await one.tccc.Call.accept({ sessionId: 's1' })
    one.server.event('userAccessed', { sessionId: 's1', tabUUID: 'tab-1' })
    one.server.event('callChanged', { sessionId: 's1', muted: false, held: false, tabUUID: 'tab-9' })
    await settled()
    expect(one.open).toBe(0)
    expect(one.client.sessions.get('s1')).toMatchObject({ here: false, phase: 'talking' })
    one.peers[0]?.become('failed')
    await settled()
    expect(one.server.asked('media.offer')).toEqual([])
  })

  it('bring the sound when the server says it is theirs, though another had it for a moment', async () => {
    const b = new Browser(true)
    const two = await b.open({ tabUUID: 'tab-2' })
    two.server.event('callIn', ringing)
    two.server.event('userAccessed', { sessionId: 's1', tabUUID: 'tab-1' })
    two.server.event('takeOver', { sessionId: 's1' })
    two.server.event('callChanged', { sessionId: 's1', muted: false, held: false, tabUUID: 'tab-3' })
    await settled()
    expect(two.open).toBe(0)
    two.server.event('callChanged', { sessionId: 's1', muted: false, held: false, tabUUID: 'tab-2' })
    await vi.advanceTimersByTimeAsync(500)
    expect(two.client.sessions.get('s1')?.here).toBe(true)
    expect(two.peers.at(-1)?.remote).toBeDefined()
  })

  it('tell the server which of them the agent has turned to', async () => {
    const b = new Browser(true)
    const [one, two] = [await b.open(), await b.open()]
    one.visible = false
    for (const tab of [one, two]) tab.client.seen()
    expect([one, two].map((t) => t.server.asked('page.active').length)).toEqual([0, 1])
  })

  it('switch the microphone of the tab that has it', async () => {
    const b = new Browser(true)
    const [one, two] = [await b.open(), await b.open()]
    await b.tell('callIn', ringing)
    await one.tccc.Call.accept({ sessionId: 's1' })
    await b.tell('userAccessed', { sessionId: 's1', tabUUID: 'tab-1' })
    await two.tccc.Call.muteMic({ sessionId: 's1' })
    expect(two.server.asked('call.mute')).toEqual([{ sessionId: 's1', on: true }])
    await b.tell('callChanged', { sessionId: 's1', muted: true, held: false, tabUUID: 'tab-1' })
    expect(one.peers[0]?.track?.enabled).toBe(false)
    expect(await one.tccc.Call.isMicMuted({ sessionId: 's1' })).toMatchObject({ isMicMuted: true })
    expect(one.server.asked('call.mute')).toEqual([])
  })

  it('take an ended call out of all lists', async () => {
    const b = new Browser(true)
    const [one, two] = [await b.open(), await b.open()]
    await b.tell('callIn', ringing)
    await b.tell('sessionEnded', { sessionId: 's1', closeBy: 'client' })
    await one.tccc.Call.deleteCall({ sessionId: 's1' })
    expect(one.server.asked('call.complete')).toEqual([{ sessionId: 's1' }])
    await b.tell('sessionCompleted', { sessionId: 's1' })
    for (const tab of [one, two]) {
      expect(tab.events.filter((e) => e === 'sessionCompleted')).toHaveLength(1)
      expect(tab.client.sessions.list()).toEqual([])
    }
  })
})

describe('a page that finds a call running', () => {
  const running = { ...view('inProgress'), tabUUID: 'tab-1' }

  /** A page with a call, and what its tab keeps of it. */
  async function first(b: Browser, session: FakeDrawer): Promise<World> {
    const one = await b.open({ session })
    one.server.event('callIn', ringing)
    await one.tccc.Call.accept({ sessionId: 's1' })
    one.server.event('userAccessed', { sessionId: 's1', tabUUID: 'tab-1' })
    await settled()
    return one
  }

  function serverWith(call: object): FakeServer {
    const server = new FakeServer()
    server.calls = [{ ...view('inProgress'), ...call }]
    return server
  }

  it('after a reload has its sound at once', async () => {
    const b = new Browser(false)
    const session = new FakeDrawer()
    const one = await first(b, session)
    one.client.leave()
    one.vanish()
    const two = await b.open({ session, server: serverWith({ ...running, elsewhere: true }) })
    expect(two.server.asked('media.offer')).toHaveLength(1)
    expect(two.client.sessions.get('s1')).toMatchObject({ here: true, elsewhere: false })
  })

  it('after a reload in the middle of a reload has its sound at once', async () => {
    const b = new Browser(false)
    const session = new FakeDrawer()
    const one = await first(b, session)
    one.client.leave()
    one.vanish()
    const server = serverWith({ ...running, elsewhere: true })
    server.answers['media.offer'] = () => undefined // it goes before it has its answer
    const two = await b.open({ session, server })
    two.client.leave()
    two.vanish()
    const three = await b.open({ session, server: serverWith({ ...running, elsewhere: true }) })
    expect(three.client.sessions.get('s1')).toMatchObject({ here: true, elsewhere: false })
    expect(three.server.asked('media.offer')).toHaveLength(1)
    three.server.event('callChanged', { sessionId: 's1', muted: false, held: false, tabUUID: 'tab-2' }) // its offer was late
    await vi.advanceTimersByTimeAsync(500)
    expect(three.server.asked('media.offer')).toHaveLength(2)
  })

  it('after a crash has its sound at once', async () => {
    const b = new Browser(false)
    const session = new FakeDrawer()
    const one = await first(b, session)
    one.vanish()
    b.locks.free('openseat.tab.tab-1')
    const two = await b.open({ session, server: serverWith({ ...running, elsewhere: true }) })
    expect(two.server.asked('media.offer')).toHaveLength(1)
  })

  it('in the same page, whose script was loaded again, has its sound at once', async () => {
    const b = new Browser(false)
    const session = new FakeDrawer()
    const one = await first(b, session)
    one.client.stop(false)
    const two = await b.open({ session, server: serverWith({ ...running, elsewhere: true }) })
    expect(one.open).toBe(0)
    expect(two.server.asked('media.offer')).toHaveLength(1)
  })

  it('in a duplicate of its tab asks the agent', async () => {
    const b = new Browser(false)
    const session = new FakeDrawer()
    await first(b, session)
    const copy = new FakeDrawer()
    for (const [name, value] of session.kept) copy.setItem(name, value)
    const two = await b.open({ session: copy, server: serverWith({ ...running, elsewhere: true }) })
    expect(two.server.asked('media.offer')).toEqual([])
    expect(two.client.sessions.get('s1')).toMatchObject({ here: false, elsewhere: true })
  })

  it('in another browser asks the agent, and takes it when he says so', async () => {
    const b = new Browser(false)
    const two = await b.open({ server: serverWith({ ...running, tabUUID: 'tab-9', elsewhere: true }) })
    expect(two.payload('userAccessed')).toMatchObject({ restored: true, tabUUID: 'tab-9' })
    expect(two.client.sessions.get('s1')).toMatchObject({ here: false, elsewhere: true, phase: 'talking' })
    await two.tccc.Call.resumeHere({ sessionId: 's1' })
    expect(two.server.asked('media.offer')).toHaveLength(1)
    expect(two.client.sessions.get('s1')).toMatchObject({ here: true, elsewhere: false })
  })

  it('whose sound another shared tab has leaves it there', async () => {
    const b = new Browser(true)
    const two = await b.open({ server: serverWith({ ...running, tabUUID: 'tab-9' }) })
    expect(two.server.asked('media.offer')).toEqual([])
    expect(two.client.sessions.get('s1')).toMatchObject({ here: false, elsewhere: false })
  })

  it('goes on sounding on the page that was put out, until the other takes it', async () => {
    const b = new Browser(false)
    const one = await first(b, new FakeDrawer())
    one.server.event('kickedOut', {})
    await vi.advanceTimersByTimeAsync(10_000)
    expect([one.open, one.peers[0]?.connectionState]).toEqual([1, 'connected'])
    expect(one.events.at(-1)).toBe('kickedOut')
    expect(one.client.sessions.get('s1')?.here).toBe(false)
    one.peers[0]?.end()
    await settled()
    expect([one.open, one.peers[0]?.connectionState, one.peers.length]).toEqual([0, 'closed', 1])
  })

  it('ends on a page that was put out when another agent takes that', async () => {
    const b = new Browser(false)
    const one = await first(b, new FakeDrawer())
    one.server.event('kickedOut', {})
    one.client.stop(true)
    await settled()
    expect([one.open, one.peers[0]?.connectionState]).toEqual([0, 'closed'])
  })

  it('on a telephone has none to take', async () => {
    const b = new Browser(false)
    const two = await b.open({ server: serverWith({ serverType: 'staffExtensionSeat', tabUUID: '' }) })
    expect(two.server.asked('media.offer')).toEqual([])
    await expect(two.tccc.Call.resumeHere({ sessionId: 's1' })).rejects.toMatchObject({ code: 'SessionStateError' })
  })
})

describe('a page that is loaded again with a spent token', () => {
  const spent = (p: Record<string, unknown>) => (p['token'] ? new Refusal('AuthFailure.TokenFailure', 'spent') : undefined)

  it('comes in with what the page before left', async () => {
    const b = new Browser(false)
    const session = new FakeDrawer()
    const one = await b.open({ session })
    one.server.event('resume', { resume: 'newer' })
    one.client.leave()
    one.vanish()
    const server = new FakeServer()
    server.answers['hello'] = (p) => spent(p) ?? server.snapshot()
    const two = await b.open({ session, server })
    expect(server.asked('hello')[1]).toEqual({
      version: 1,
      tabUUID: 'tab-2',
      resume: 'newer',
      resumeTab: 'tab-1',
      sdkAppId: 1400000001,
      userId: 'alice@demo.openseat',
    })
    expect(two.events).toEqual(['ready', 'statusChanged'])
  })

  it('of another agent does not', async () => {
    const b = new Browser(false)
    const session = new FakeDrawer()
    ;(await b.open({ session })).client.leave()
    const server = new FakeServer()
    server.answers['hello'] = () => new Refusal('AuthFailure.TokenFailure', 'spent')
    const two = await b.open({ session, server, options: { userId: 'bob@demo.openseat' } })
    expect(server.asked('hello')).toHaveLength(1)
    expect(two.events).toEqual(['tokenExpired'])
  })

  it('is out when that is no good either', async () => {
    const b = new Browser(false)
    const session = new FakeDrawer()
    ;(await b.open({ session })).client.leave()
    const server = new FakeServer()
    server.answers['hello'] = () => new Refusal('AuthFailure.TokenFailure', 'spent')
    const two = await b.open({ session, server })
    expect(server.asked('hello')).toHaveLength(2)
    expect(two.events).toEqual(['tokenExpired'])
  })
})
