import { afterEach, expect, it, vi } from 'vitest'
import { Refusal, signedIn } from './world'

afterEach(() => vi.useRealTimers())

it('the agent’s day is asked for from midnight, and its hours are those of his clock', async () => {
  const w = await signedIn()
  const midnight = new Date().setHours(0, 0, 0, 0)
  w.server.answers['records.day'] = () => ({ callsIn: 1, hours: [{ at: midnight + 9 * 3_600_000, in: 1, out: 0, missed: 0 }] })
  const day = await w.client.files.day()
  expect(w.server.asked('records.day')).toEqual([{ from: midnight }])
  expect(day).toMatchObject({ callsIn: 1, hours: [{ hour: new Date(midnight + 9 * 3_600_000).getHours(), in: 1, out: 0, missed: 0 }] })
})

it('past calls, notes, contacts and numbers are asked for by their names', async () => {
  const w = await signedIn()
  w.server.answers['records.mine'] = () => ({ records: [{ sessionId: 's1', startAt: '2026-01-01T08:00:00Z' }], before: 'next' })
  w.server.answers['numbers.mine'] = () => ({ numbers: [{ number: '00864008001000' }] })
  const page = await w.client.files.records({ kind: 'missed', limit: 20 })
  expect(page).toEqual({ records: [{ sessionId: 's1', startAt: Date.parse('2026-01-01T08:00:00Z') }], before: 'next' })
  expect(await w.client.files.numbers()).toEqual([{ number: '00864008001000' }])
  await w.client.files.putNote('s1', { category: 'order', resolved: true, text: 'done' })
  await w.client.files.putContact('008613800138000', 'Ms Wang')
  expect(w.server.asked('note.put')).toEqual([{ sessionId: 's1', category: 'order', resolved: true, text: 'done' }])
  expect(w.server.asked('contact.put')).toEqual([{ phoneNumber: '008613800138000', remark: 'Ms Wang' }])
})

it('where the agent is reached is read, changed, and heeded by calls out', async () => {
  const w = await signedIn()
  const seat = { serverType: 'staffSeat', useMobileAccept: 0, useMobileCallOut: true }
  w.server.answers['agent.settings'] = () => seat
  expect(await w.tccc.Agent.settings()).toMatchObject({ status: 'success', ...seat })
  w.server.event('settingsChanged', { useMobileCallOut: true })
  w.server.answers['call.start'] = () => ({ sessionId: 's1', serverType: 'staffPhoneSeat' })
  w.devices.denied = 'NotAllowedError' // a telephone needs no microphone
  expect(await w.tccc.Call.startOutboundCall({ phoneNumber: '10086' })).toMatchObject({ serverType: 'staffPhoneSeat' })
  expect(w.server.asked('media.offer')).toEqual([])
})

it('a call out from a telephone that the page did not know of leaves no microphone open', async () => {
  const w = await signedIn()
  w.server.answers['call.start'] = () => ({ sessionId: 's1', serverType: 'staffExtensionSeat' })
  await w.tccc.callOut({ phoneNumber: '10086' })
  await vi.advanceTimersByTimeAsync(0)
  expect([w.open, w.server.asked('media.offer').length]).toEqual([0, 0])
})

it('what the server refuses is told with its code, and what it never answers within ten seconds', async () => {
  const w = await signedIn()
  w.server.answers['check.link'] = () => new Refusal('UnsupportedOperation')
  await expect(w.tccc.Devices.getCheckLink()).rejects.toMatchObject({ code: 'UnsupportedOperation', status: 'error' })
  w.server.answers['groups.list'] = () => undefined
  const groups = expect(w.tccc.Admin.getSkillGroups()).rejects.toMatchObject({ code: 'Timeout' })
  await vi.advanceTimersByTimeAsync(10_000)
  await groups
})

it('the buttons of a talk are those the page wants', async () => {
  const w = await signedIn()
  const all = ['holdToggle', 'showKeyboard', 'transferSeat'] as const
  w.tccc.overrideButtonConfig((config) => ({ active: config.active.filter((b) => b.type !== 'transferSeat') }))
  expect(w.client.buttons([...all])).toEqual(['holdToggle', 'showKeyboard'])
  vi.spyOn(console, 'error').mockReturnValue()
  w.tccc.overrideButtonConfig(() => {
    throw new Error('of the page')
  })
  expect(w.client.buttons([...all])).toEqual(all)
})

it('events may be listened to by their names', async () => {
  const w = await signedIn()
  const heard = vi.fn()
  w.tccc.on('callIn', heard)
  w.tccc.on('newerThanThisSdk', heard as never)
  w.server.event('callIn', { sessionId: 's1', serverType: 'staffSeat' })
  w.server.event('newerThanThisSdk', { a: 1 })
  expect(heard.mock.calls).toMatchObject([[{ sessionId: 's1' }], [{ a: 1, data: { a: 1 } }]])
  w.tccc.off('callIn', heard)
  w.server.event('callIn', { sessionId: 's2', serverType: 'staffSeat' })
  expect(heard).toHaveBeenCalledTimes(2)
})
