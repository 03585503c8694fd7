import { TcccError } from '../src/errors'
import type { Shell } from '../src/ui/shell'
import { active, call, customer, Fake, me, now, refused } from './fake'

/** A state of the face: what the client is, and what is open. */
export interface Scene {
  set: (office: Fake, shell: Shell) => void
  /** Closed: only float button and bars are seen. */
  closed?: boolean
  inline?: boolean
}

const open = (view: Shell['view']) => (_: Fake, shell: Shell) => shell.open(view)

function talking(office: Fake): ReturnType<typeof call> {
  const { w } = office
  office.become('busy', { since: now - 125_000 })
  const one = call({ callerLocation: w.city, remark: w.vip, ivrPath: [{ key: '1', label: w.support }, { key: '3', label: w.complaint }] })
  office.calls = [one]
  return one
}

function ringing(office: Fake): ReturnType<typeof call> {
  const { w } = office
  office.become('busy', { since: now - 6_000 })
  const one = call({ phase: 'ringing', acceptAt: 0, ringAt: now - 6_000, callerLocation: w.city, remark: w.vip, ivrPath: [{ key: '1', label: w.support }, { key: '3', label: w.complaint }] })
  office.calls = [one]
  return one
}

export const scenes: Record<string, Scene> = {
  'float': { closed: true, set: () => undefined },
  'ringing': { closed: true, set: ringing },
  'ringing-phone': { closed: true, set: (o) => Object.assign(ringing(o), { serverType: 'staffExtensionSeat' }) },
  'bar': { closed: true, set: (o) => void talking(o) },
  'bar-held': { closed: true, set: (o) => Object.assign(talking(o), { held: true, muted: true, quality: 4 }) },
  'bar-keypad': {
    closed: true,
    set: (o, shell) => {
      talking(o)
      shell.toggle('s1', 'keypad')
      for (const key of '4711#') shell.typed('s1', key)
    },
  },
  'bar-transfer': {
    closed: true,
    set: (o, shell) => {
      talking(o)
      shell.toggle('s1', 'transfer')
    },
  },
  'bar-consult': {
    closed: true,
    set: (o, shell) => {
      Object.assign(talking(o), { members: [customer, me, { memberId: 'a2', type: 'agent', userId: 'bob@demo.openseat', state: 'talking' }] })
      shell.toggle('s1', 'team')
    },
  },
  'bar-oneway': { closed: true, set: (o) => Object.assign(talking(o), { oneWay: { side: 'agent', direction: 'out' }, quality: 5 }) },
  'bar-elsewhere': { closed: true, set: (o) => Object.assign(talking(o), { elsewhere: true, here: false }) },
  'bar-tab': { closed: true, set: (o) => Object.assign(talking(o), { here: false }) },
  'bar-device': {
    closed: true,
    set: (o, shell) => {
      talking(o)
      shell.say(o.options.lang === 'zh' ? '已切换麦克风：Headset H340' : 'Another microphone is used now: Headset H340')
    },
  },
  'bar-trouble': {
    closed: true,
    set: (o) => {
      o.trouble = new TcccError('MicrophoneDenied', '')
    },
  },
  'bar-reconnecting': {
    closed: true,
    set: (o) => {
      talking(o)
      o.state = 'connecting'
    },
  },
  'bar-kicked': {
    closed: true,
    set: (o) => {
      o.state = 'disconnected'
      o.kickedOut = true
    },
  },
  'bar-monitor': {
    closed: true,
    set: (o) => {
      o.calls = [call({ sessionId: 'w1', type: 'monitor', monitor: 'whisper', acceptAt: now - 40_000, members: [{ ...customer, state: 'talking' }, { memberId: 'a1', type: 'agent', userId: 'carol@demo.openseat', state: 'talking' }] })]
    },
  },
  'wrapup': {
    closed: true,
    set: (o) => {
      Object.assign(talking(o), { phase: 'ended', endAt: now })
      o.become('arrange', { until: now + 25_000 })
    },
  },
  'idle': { set: open('phone') },
  'idle-empty': {
    set: (o, shell) => {
      o.past = []
      shell.open('phone')
    },
  },
  'idle-loading': {
    set: (o, shell) => {
      o.past = undefined
      shell.open('phone')
    },
  },
  'idle-error': {
    set: (o, shell) => {
      o.past = refused
      shell.open('phone')
    },
  },
  'workbench-ringing': {
    set: (o, shell) => {
      ringing(o)
      shell.open('phone')
    },
  },
  'workbench-talk': {
    set: (o, shell) => {
      talking(o)
      shell.open('phone')
    },
  },
  'workbench-transfer': {
    set: (o, shell) => {
      talking(o)
      shell.toggle('s1', 'transfer')
      shell.open('phone')
    },
  },
  'workbench-consult': {
    set: (o, shell) => {
      Object.assign(talking(o), { members: [customer, me, { memberId: 'a2', type: 'agent', userId: 'bob@demo.openseat', state: 'talking' }] })
      shell.open('phone')
    },
  },
  'workbench-inviting': {
    set: (o, shell) => {
      Object.assign(talking(o), { members: [customer, me, { memberId: 'a2', type: 'agent', skillGroupId: '2', state: 'queued' }] })
      shell.open('phone')
    },
  },
  'workbench-conference': {
    set: (o, shell) => {
      Object.assign(talking(o), { members: [{ ...customer, state: 'talking' }, me, { memberId: 'p1', type: 'phone', phoneNumber: '008618600001234', state: 'talking' }, { memberId: 'm1', type: 'monitor', userId: 'carol@demo.openseat', state: 'talking', mode: 'whisper' }] })
      shell.open('phone')
    },
  },
  'workbench-handing': {
    set: (o, shell) => {
      Object.assign(talking(o), { transfer: { skillGroupId: '2' } })
      shell.open('phone')
    },
  },
  'workbench-second': {
    set: (o, shell) => {
      const { w } = o
      const one = talking(o)
      o.calls = [one, call({ sessionId: 's2', type: 'internal', phase: 'ringing', acceptAt: 0, ringAt: now - 3000, callerPhoneNumber: '', calleePhoneNumber: '', peerUserId: 'bob@demo.openseat', peerName: w.bob })]
      shell.open('records')
    },
  },
  'workbench-internal': {
    set: (o, shell) => {
      o.become('busy')
      o.calls = [call({ type: 'internal', direction: 'out', callerPhoneNumber: '', calleePhoneNumber: '', peerUserId: 'bob@demo.openseat', peerName: o.w.bob })]
      shell.open('phone')
    },
  },
  'workbench-calling': {
    set: (o, shell) => {
      o.become('busy')
      o.calls = [call({ direction: 'out', phase: 'calling', acceptAt: 0, ringAt: now - 4000, callerPhoneNumber: '00864008001000', calleePhoneNumber: '008618600001234', calleeLocation: o.w.city2 })]
      shell.open('phone')
    },
  },
  'aftercall': {
    set: (o, shell) => {
      Object.assign(talking(o), { phase: 'ended', endAt: now })
      o.become('arrange', { until: now + 25_000, reserved: undefined })
      shell.open('phone')
    },
  },
  'idle-notes': {
    set: (o, shell) => {
      Object.assign(talking(o), { phase: 'ended', endAt: now })
      o.become('free')
      shell.open('phone')
    },
  },
  'status': { set: open('phone') },
  'records': { set: open('records') },
  'people': { set: open('people') },
  'day': { set: open('day') },
  'watch': {
    set: (o, shell) => {
      if (o.user) o.user.role = 2
      o.active = active(o.w)
      o.calls = [call({ sessionId: 'w1', type: 'monitor', monitor: 'whisper', acceptAt: now - 40_000, members: [{ ...customer, state: 'talking' }, { memberId: 'a1', type: 'agent', userId: 'carol@demo.openseat', state: 'talking' }] })]
      shell.open('watch')
    },
  },
  'settings': { set: open('settings') },
  'help': {
    set: (_, shell) => {
      shell.open('phone')
      shell.set({ help: true })
    },
  },
  'reconnecting': {
    set: (o, shell) => {
      talking(o)
      o.state = 'connecting'
      shell.open('phone')
    },
  },
  'kicked': {
    set: (o, shell) => {
      o.state = 'disconnected'
      o.kickedOut = true
      shell.open('phone')
    },
  },
  'expired': {
    set: (o, shell) => {
      o.state = 'disconnected'
      shell.open('phone')
    },
  },
  'signing-in': {
    set: (o, shell) => {
      o.state = 'connecting'
      o.user = undefined
      shell.open('phone')
    },
  },
  'inline': { inline: true, set: (o) => void talking(o) },
}
