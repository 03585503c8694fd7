import { afterEach, describe, expect, it, vi } from 'vitest'
import { Speaker } from '../src/speaker'
import type { Sink } from '../src/speaker'
import { FakeDevices, FakeDrawer, ringing, settled, signedIn, view, World } from './world'
import type { Settings } from './world'

afterEach(() => vi.useRealTimers())

async function talking(settings: Settings = {}): Promise<World> {
  const w = await signedIn(settings)
  w.server.event('callIn', ringing)
  await w.tccc.Call.accept({ sessionId: 's1' })
  w.server.event('userAccessed', { sessionId: 's1', tabUUID: 'tab-1' })
  await settled()
  return w
}

/** What is in the line. */
const heard = (w: World) => w.peers[0]?.track?.deviceId
const changes = (w: World) => w.heard.filter((h) => h.event === 'deviceChanged').map((h) => h.payload['data'])

describe('the microphone', () => {
  it('is asked to keep echo and noise out, and its level', async () => {
    const w = await talking()
    expect(w.devices.asked).toEqual([{ echoCancellation: true, noiseSuppression: true, autoGainControl: true }])
  })

  it('is switched in a call without a new line, muted as it was', async () => {
    const w = await talking()
    await w.tccc.Call.muteMic({ sessionId: 's1' })
    await w.tccc.Devices.setMicrophone('headset')
    expect([heard(w), w.peers.length, w.open]).toEqual(['headset', 1, 1])
    expect(w.peers[0]?.track?.enabled).toBe(false)
    expect(w.server.asked('media.offer')).toEqual([])
    expect(changes(w)).toEqual([{ kind: 'microphone', deviceId: 'headset', label: 'the headset', reason: 'chosen' }])
    expect(w.tccc.Devices.getMicrophone()).toBe('headset')
  })

  it('that was chosen is kept for the next load', async () => {
    const local = new FakeDrawer()
    const w = await signedIn({ local })
    await w.tccc.Devices.setMicrophone('headset')
    expect(w.open).toBe(0) // nobody needs it now
    const next = await talking({ local })
    expect(heard(next)).toBe('headset')
  })

  it('that is not there is not chosen, and the one before stays', async () => {
    const w = await talking()
    await expect(w.tccc.Devices.setMicrophone('gone')).rejects.toMatchObject({ code: 'MicrophoneNotFound' })
    expect(heard(w)).toBe('built-in')
    expect(w.tccc.Devices.getMicrophone()).toBe('')
  })

  it('that was chosen and is not there is done without', async () => {
    const local = new FakeDrawer()
    await (await signedIn({ local })).tccc.Devices.setMicrophone('headset')
    const devices = new FakeDevices()
    devices.microphones = ['built-in']
    expect(heard(await talking({ local, devices }))).toBe('built-in')
  })

  it('is replaced at once when it is unplugged, and taken back when it is plugged in again', async () => {
    const w = await talking()
    await w.tccc.Devices.setMicrophone('headset')
    w.devices.microphones = ['built-in']
    w.devices.last.pull()
    await settled()
    expect(heard(w)).toBe('built-in')
    w.devices.microphones = ['built-in', 'headset']
    w.client.devicesChanged()
    await settled()
    expect([heard(w), w.open, w.peers.length]).toEqual(['headset', 1, 1])
    expect(changes(w).slice(1)).toMatchObject([
      { deviceId: 'built-in', reason: 'unplugged' },
      { deviceId: 'headset', reason: 'replugged' },
    ])
  })

  it('is replaced when only the list says that it is gone', async () => {
    const w = await talking()
    w.devices.microphones = ['headset']
    w.client.devicesChanged()
    await settled()
    expect(heard(w)).toBe('headset')
    w.devices.microphones = ['built-in', 'headset']
    w.client.devicesChanged()
    await settled()
    expect(heard(w)).toBe('built-in') // the system's choice before
  })

  it('that was the only one is told missing with a link to the self-check, and comes back by itself', async () => {
    const w = await talking()
    w.server.answers['check.link'] = () => ({ url: 'https://desk.test/sdk/check?ticket=1' })
    w.devices.microphones = []
    w.devices.last.pull()
    await settled()
    expect(heard(w)).toBeUndefined()
    expect(changes(w)).toEqual([{ kind: 'microphone', deviceId: '', label: '', reason: 'unplugged' }])
    expect(w.payload('deviceError')).toMatchObject({ kind: 'microphone', code: 'MicrophoneNotFound', link: 'https://desk.test/sdk/check?ticket=1' })
    expect(w.client.trouble?.code).toBe('MicrophoneNotFound')
    w.devices.microphones = ['headset']
    w.client.devicesChanged()
    await settled()
    expect(heard(w)).toBe('headset')
    expect(w.client.trouble).toBeUndefined()
  })

  it('that was the only one comes back though nobody was told that it went', async () => {
    const w = await talking()
    w.devices.microphones = []
    w.client.devicesChanged()
    await settled()
    w.devices.microphones = ['built-in']
    w.client.devicesChanged()
    await settled()
    expect(heard(w)).toBe('built-in')
  })

  it('is not opened again after the call', async () => {
    const w = await talking()
    const track = w.devices.last
    w.server.event('sessionEnded', { sessionId: 's1', closeBy: 'client' })
    await settled()
    track.pull()
    w.client.devicesChanged()
    await settled()
    expect([w.open, w.devices.tracks.length]).toEqual([0, 1])
  })

  it('that is denied is told with its reason when a call is answered', async () => {
    const w = await signedIn()
    w.devices.denied = 'NotAllowedError'
    w.server.answers['check.link'] = () => ({ url: 'https://desk.test/sdk/check?ticket=1' })
    w.server.event('callIn', ringing)
    await settled()
    await expect(w.tccc.Call.accept({ sessionId: 's1' })).rejects.toMatchObject({ code: 'MicrophoneDenied' })
    await settled()
    expect(w.payload('deviceError')).toMatchObject({ kind: 'microphone', code: 'MicrophoneDenied', link: 'https://desk.test/sdk/check?ticket=1' })
    expect(w.client.trouble?.code).toBe('MicrophoneDenied') // the face shows it, though the page has asked
    w.devices.denied = undefined
    await w.tccc.Call.accept({ sessionId: 's1' })
    expect(w.client.trouble).toBeUndefined()
  })

  it('that is allowed too late calls nobody, answers nothing and is closed again', async () => {
    const w = await signedIn()
    w.devices.permission = 'prompt'
    w.devices.thinks = 20_000
    w.server.event('callIn', ringing)
    const out = expect(w.tccc.Call.startOutboundCall({ phoneNumber: '10086' })).rejects.toMatchObject({ code: 'Timeout' })
    const accepted = expect(w.tccc.Call.accept({ sessionId: 's1' })).rejects.toMatchObject({ code: 'Timeout' })
    await vi.advanceTimersByTimeAsync(10_000)
    await Promise.all([out, accepted])
    await vi.advanceTimersByTimeAsync(20_000)
    expect([w.server.asked('call.start'), w.server.asked('call.accept')]).toEqual([[], []])
    w.server.event('autoTransfer', { sessionId: 's1' })
    await settled()
    expect(w.open).toBe(0)
  })

  it('that is denied after a reload leaves the agent hearing, until it is allowed', async () => {
    vi.useFakeTimers()
    const devices = new FakeDevices()
    devices.denied = 'NotAllowedError'
    const w = new World({ devices })
    w.server.calls = [view('inProgress')]
    w.client.start()
    await settled()
    expect(w.server.asked('media.offer')).toHaveLength(1)
    expect([w.peers[0]?.remote !== undefined, heard(w)]).toEqual([true, undefined])
    expect(w.payload('deviceError')).toMatchObject({ code: 'MicrophoneDenied' })
    devices.denied = undefined
    w.client.devicesChanged()
    await settled()
    expect([heard(w), w.peers.length]).toEqual(['built-in', 1])
    w.server.event('sessionEnded', { sessionId: 's1', closeBy: 'client' })
    await settled()
    expect(w.open).toBe(0)
  })
})

describe('the speaker', () => {
  class FakeSink implements Sink {
    id = ''
    setSinkId(id: string): Promise<void> {
      this.id = id
      return Promise.resolve()
    }
  }

  function speaker() {
    const devices = new FakeDevices()
    const told: unknown[] = []
    const s = devices.speaker()
    s.changed = (change) => told.push(change)
    return { devices, told, s }
  }

  it('is switched for what plays, and for what will', async () => {
    const { s } = speaker()
    const [now, later, gone] = [new FakeSink(), new FakeSink(), new FakeSink()]
    s.add(now)
    s.add(gone)()
    await s.choose('headset')
    s.add(later)
    expect([now.id, later.id, gone.id]).toEqual(['headset', 'headset', ''])
  })

  it('is the system’s while the wanted one is unplugged', async () => {
    const { s, devices, told } = speaker()
    const sink = new FakeSink()
    s.add(sink)
    await s.choose('headset')
    devices.speakers = ['loudspeaker']
    await s.look()
    await s.look()
    expect(sink.id).toBe('')
    devices.speakers = ['loudspeaker', 'headset']
    await s.look()
    expect(sink.id).toBe('headset')
    expect(told).toMatchObject([
      { kind: 'speaker', deviceId: 'headset', reason: 'chosen' },
      { kind: 'speaker', deviceId: '', reason: 'unplugged' },
      { kind: 'speaker', deviceId: 'headset', reason: 'replugged' },
    ])
  })

  it('that is not there is not chosen', async () => {
    const { s } = speaker()
    await expect(s.choose('gone')).rejects.toMatchObject({ code: 'SpeakerFailed' })
    expect(s.chosen).toBe('')
  })

  it('that cannot be used says so, and stays as it was', async () => {
    const { s } = speaker()
    s.add({ setSinkId: () => Promise.reject(new Error('busy')) })
    await expect(s.choose('headset')).rejects.toMatchObject({ code: 'SpeakerFailed' })
    expect(s.chosen).toBe('')
  })

  it('cannot be chosen where the browser does not know how, and nothing fails', async () => {
    const s = new Speaker(() => Promise.resolve([{ deviceId: 'headset', label: '' } as MediaDeviceInfo]))
    s.add({})
    await s.choose('headset')
    expect(s.chosen).toBe('headset')
  })
})

describe('ringing', () => {
  it('ends when the call is answered, and is not heard in a talk', async () => {
    const w = await signedIn()
    w.server.event('callIn', ringing)
    expect(w.rings).toBe(true)
    await w.tccc.Call.accept({ sessionId: 's1' })
    expect(w.rings).toBe(false)
    w.server.event('userAccessed', { sessionId: 's1', tabUUID: 'tab-1' })
    w.server.event('callIn', { ...ringing, sessionId: 's2' })
    expect(w.rings).toBe(false)
  })

  it('is the telephone’s when the call rings there, which this page does not answer', async () => {
    const w = await signedIn()
    w.server.event('callIn', { ...ringing, serverType: 'staffExtensionSeat' })
    await settled()
    expect([w.rings, w.open]).toEqual([false, 0])
    await expect(w.tccc.Call.accept({ sessionId: 's1' })).rejects.toMatchObject({ code: 'SessionStateError' })
  })

  it('shows the system’s notification while the page is not seen, and its click answers', async () => {
    const w = await signedIn()
    w.server.event('callIn', ringing)
    expect(w.notice).toBeUndefined()
    w.visible = false
    w.client.seen()
    expect(w.notice).toBe('Incoming call: 008613800138000')
    w.click?.()
    await settled()
    expect(w.server.asked('call.accept')).toHaveLength(1)
    expect(w.notice).toBeUndefined()
  })

  it('is silent and unseen as the agent has set it, in this and later loads', async () => {
    const local = new FakeDrawer()
    const w = await signedIn({ local })
    w.visible = false
    w.server.event('callIn', ringing)
    expect([w.rings, w.notice !== undefined]).toEqual([true, true])
    w.tccc.UI.updateUserCustomSettings({ disableRingtone: true })
    expect([w.rings, w.notice !== undefined]).toEqual([false, true])
    w.tccc.UI.updateUserCustomSettings({ disableNotification: true })
    expect(w.notice).toBeUndefined()
    const next = await signedIn({ local })
    next.visible = false
    next.server.event('callIn', ringing)
    expect([next.rings, next.notice]).toEqual([false, undefined])
  })
})
