import { TcccError } from '../src/errors'
import { newSession } from '../src/session'
import type { Session } from '../src/session'
import type { Member } from '../src/types'
import type { Day, Office, PastCall, Roster, RunningCall } from '../src/ui/office'

// An agent's client without a server: it shows what it is told to, and does what can be done on one page.

export const now = Date.now()
const ago = (seconds: number) => now - seconds * 1000

export const words = {
  en: { support: 'Support', sales: 'Sales', billing: 'Billing', alice: 'Alice Meyer', bob: 'Bob Chen', carol: 'Carol Diaz', dave: 'Dave Okafor', erin: 'Erin Walsh', frank: 'Frank Li', vip: 'Ms Zhang, Golden Card', city: 'Beijing', city2: 'Shanghai', lunch: 'Lunch', training: 'Training', meeting: 'Meeting', order: 'Order', complaint: 'Complaint', question: 'Question', note: 'Parcel 8831 has not come. Promised to call back tomorrow morning.', hotline: 'Hotline' },
  zh: { support: '售后支持', sales: '销售', billing: '账务', alice: '林晓雯', bob: '陈博', carol: '王丽', dave: '赵大伟', erin: '周婷', frank: '李方', vip: '张女士（金卡会员）', city: '北京', city2: '上海', lunch: '午餐', training: '培训', meeting: '会议', order: '订单', complaint: '投诉', question: '咨询', note: '包裹 8831 未送达，承诺明早回电。', hotline: '热线' },
}

export class Fake implements Office {
  readonly options: Office['options']
  state: Office['state'] = 'connected'
  kickedOut = false
  user: Office['user']
  settings = { restReasons: [] as string[] }
  trouble: TcccError | undefined
  agent: Office['agent']
  calls: Session[] = []
  roster: Roster | undefined
  /** What the server answers; an Error is a refusal, undefined is no answer. */
  past: PastCall[] | TcccError | undefined
  today: Day | TcccError | undefined
  active: RunningCall[] = []
  changed: () => void = () => undefined
  readonly w: (typeof words)['en']

  constructor(lang: 'zh' | 'en') {
    this.w = words[lang]
    const { w } = this
    this.options = { userId: 'alice@demo.openseat', lang, renderDomId: '' }
    this.user = {
      userId: 'alice@demo.openseat',
      name: w.alice,
      staffNumber: '1001',
      role: 3,
      skillGroups: [
        { skillGroupId: 1, skillGroupName: w.support },
        { skillGroupId: 2, skillGroupName: w.sales },
      ],
    }
    this.settings.restReasons = [w.lunch, w.training, w.meeting]
    this.agent = { status: 'free', current: { status: 'free', since: ago(754) } }
    this.roster = roster(w)
    this.past = past(w)
    this.today = day
  }

  become(status: Office['agent']['status'], more: Partial<Office['agent']['current']> = {}): void {
    this.agent = { status, current: { status, since: ago(42), ...more } }
  }

  troubled(error: TcccError | undefined): void {
    this.trouble = error
    this.changed()
  }

  watchRoster(): void {
    // it is always there
  }

  buttons(all: Parameters<Office['buttons']>[0]): ReturnType<Office['buttons']> {
    return all
  }

  readonly prefs = { get: () => ({}) }

  readonly sessions = {
    list: () => this.calls,
    running: () => this.calls.filter((c) => c.phase !== 'ended'),
    delete: () => undefined,
  }

  readonly sound: Office['sound'] = {
    microphoneId: 'headset',
    speakerId: '',
    microphones: () => Promise.resolve([device('audioinput', 'headset', 'Headset H340 (Analog)'), device('audioinput', 'built-in', 'Built-in microphone')]),
    speakers: () => Promise.resolve([device('audiooutput', 'headset', 'Headset H340 (Analog)')]),
    chooseMicrophone: () => Promise.resolve(),
    chooseSpeaker: () => Promise.resolve(),
    meter: () => Promise.resolve({ level: () => 0.62, close: () => undefined }),
  }

  readonly files: Office['files'] = {
    records: ({ kind }) => answer(this.past).then((records) => ({ records: records.filter((r) => kind === 'all' || r.missed), before: 'x' })),
    day: () => answer(this.today),
    note: () => Promise.resolve({ category: this.w.complaint, resolved: false, text: this.w.note, remark: this.w.vip, categories: [this.w.order, this.w.complaint, this.w.question] }),
    putNote: () => Promise.resolve(),
    putContact: () => Promise.resolve(),
    numbers: () => Promise.resolve([{ number: '00864008001000', remark: this.w.hotline }, { number: '00861088880001', location: this.w.city }]),
    running: () => Promise.resolve(this.active),
    settings: () => Promise.resolve({ serverType: 'staffSeat', useMobileAccept: 1, useMobileCallOut: false, mobile: '138****8001', extension: '7001', extensionOnline: true }),
    checkLink: () => Promise.resolve('/sdk/check'),
    cancelTransfer: () => Promise.resolve(),
    takeHere: () => Promise.resolve(),
  }

  readonly tccc = {
    Call: new Proxy({}, { get: (_, name) => (options: unknown) => this.did(String(name), options) }) as Office['tccc']['Call'],
    Agent: {
      online: () => undefined,
      offline: () => undefined,
      setStatus: (options: { status: Office['agent']['status'] }) => {
        this.become(options.status, { since: Date.now() })
        this.changed()
        return Promise.resolve({})
      },
      getStatus: () => this.agent.status,
    } as unknown as Office['tccc']['Agent'],
    UI: { updateUserCustomSettings: () => undefined },
    on: () => undefined,
  }

  private did(name: string, options: unknown): Promise<unknown> {
    const call = this.calls.find((c) => c.sessionId === (options as { sessionId?: string }).sessionId)
    if (call && name === 'muteMic') call.muted = true
    if (call && name === 'unmuteMic') call.muted = false
    if (call && name === 'hold') call.held = true
    if (call && name === 'unHold') call.held = false
    if (call && name === 'accept') Object.assign(call, { phase: 'talking', acceptAt: Date.now() })
    if (call && (name === 'hungUp' || name === 'end')) Object.assign(call, { phase: 'ended', endAt: Date.now() })
    this.changed()
    return Promise.resolve({})
  }
}

function answer<T>(value: T | TcccError | undefined): Promise<T> {
  if (value instanceof TcccError) return Promise.reject(value)
  return value === undefined ? new Promise<T>(() => undefined) : Promise.resolve(value)
}

function device(kind: MediaDeviceKind, deviceId: string, label: string): MediaDeviceInfo {
  return { kind, deviceId, label, groupId: '' } as MediaDeviceInfo
}

/** A call as it comes in; what differs is said. */
export function call(change: Partial<Session> = {}): Session {
  const begun = newSession({ sessionId: 's1', callerPhoneNumber: '008613800138000', calleePhoneNumber: '00864008001000', timeout: 20 }, true, 'talking', ago(131))
  return { ...begun, acceptAt: ago(125), here: true, quality: 1, ...change }
}

export const me: Member = { memberId: 'a1', type: 'agent', userId: 'alice@demo.openseat', state: 'talking' }
export const customer: Member = { memberId: 'c', type: 'customer', phoneNumber: '008613800138000', state: 'held' }

function roster(w: (typeof words)['en']): Roster {
  const agent = (userId: string, name: string, staffNumber: string, status: Roster['agents'][number]['status'], seconds: number, ...skillGroups: number[]) => ({
    userId: `${userId}@demo.openseat`,
    name,
    staffNumber,
    status,
    since: ago(seconds),
    skillGroups,
  })
  return {
    groups: [
      { skillGroupId: 1, skillGroupName: w.support, waiting: 2, free: 0, online: 3 },
      { skillGroupId: 2, skillGroupName: w.sales, waiting: 0, free: 2, online: 4 },
      { skillGroupId: 3, skillGroupName: w.billing, waiting: 0, free: 0, online: 0 },
    ],
    agents: [
      agent('alice', w.alice, '1001', 'busy', 125, 1, 2),
      agent('bob', w.bob, '1002', 'free', 312, 1, 2),
      agent('carol', w.carol, '1003', 'busy', 488, 1),
      agent('dave', w.dave, '1004', 'free', 61, 2),
      agent('erin', w.erin, '1005', 'rest', 1215, 2),
      agent('frank', w.frank, '1006', 'offline', 0, 3),
    ],
  }
}

function past(w: (typeof words)['en']): PastCall[] {
  const row = (sessionId: string, seconds: number, more: Partial<PastCall>): PastCall => ({
    sessionId,
    direction: 0,
    callerPhoneNumber: '008613800138000',
    calleePhoneNumber: '00864008001000',
    startAt: ago(seconds),
    duration: 0,
    ...more,
  })
  return [
    row('p1', 340, { remark: w.vip, location: w.city, duration: 214, skillGroupName: w.support, category: w.complaint }),
    row('p2', 1900, { callerPhoneNumber: '008613912345678', location: w.city2, missed: true, skillGroupName: w.support }),
    row('p3', 3300, { direction: 1, callerPhoneNumber: '00864008001000', calleePhoneNumber: '008618600001234', location: w.city, duration: 65 }),
    row('p4', 4100, { type: 'internal', peerUserId: 'bob@demo.openseat', direction: 1, duration: 31 }),
    row('p5', 5200, { callerPhoneNumber: '0044207946000', duration: 780, skillGroupName: w.sales, category: w.order }),
    row('p6', 7600, { direction: 1, calleePhoneNumber: '008613700000005', location: w.city2 }),
    row('p7', 9100, { callerPhoneNumber: '00861088886666', location: w.city, duration: 142, skillGroupName: w.support }),
    row('p8', 93_000, { callerPhoneNumber: '008613611112222', location: w.city2, missed: true, skillGroupName: w.sales }),
  ]
}

const day: Day = {
  callsIn: 31,
  callsOut: 12,
  missed: 3,
  talkSeconds: 11_340,
  longestSeconds: 1_122,
  statuses: [
    { status: 'busy', seconds: 11_700 },
    { status: 'free', seconds: 6_240 },
    { status: 'arrange', seconds: 2_820 },
    { status: 'rest', seconds: 2_700 },
    { status: 'notReady', seconds: 600 },
  ],
  hours: [
    { hour: 9, in: 4, out: 1, missed: 0 },
    { hour: 10, in: 7, out: 2, missed: 1 },
    { hour: 11, in: 6, out: 0, missed: 0 },
    { hour: 12, in: 1, out: 0, missed: 0 },
    { hour: 13, in: 3, out: 5, missed: 0 },
    { hour: 14, in: 6, out: 2, missed: 2 },
    { hour: 15, in: 4, out: 2, missed: 0 },
  ],
  satisfaction: { average: 4.7, count: 18 },
}

export function active(w: (typeof words)['en']): RunningCall[] {
  const row = (sessionId: string, userId: string, agentName: string, seconds: number, more: Partial<RunningCall> = {}): RunningCall => ({
    sessionId,
    userId: `${userId}@demo.openseat`,
    agentName,
    callerPhoneNumber: '008613800138000',
    calleePhoneNumber: '00864008001000',
    direction: 0,
    status: 'inProgress',
    startAt: ago(seconds + 8),
    acceptAt: ago(seconds),
    ...more,
  })
  return [
    row('w1', 'carol', w.carol, 488),
    row('w2', 'bob', w.bob, 96, { callerPhoneNumber: '008613912345678', monitoredBy: 'erin@demo.openseat' }),
    row('w3', 'dave', w.dave, 5, { direction: 1, calleePhoneNumber: '008618600001234', status: 'ringing', acceptAt: undefined }),
  ]
}

export const refused = new TcccError('Timeout', 'no answer within 10 s')
