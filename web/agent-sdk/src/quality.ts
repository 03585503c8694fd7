import type { NetworkGrade, NetworkQuality, NetworkQualityEvent } from './types'

/** What the browser counted of a call's sound until now; undefined = it does not say (yet). */
export interface Counts {
  at: number
  received?: number
  lostDown?: number
  jitterDown?: number
  sent?: number
  lostUp?: number
  jitterUp?: number
  rtt?: number
}

/** The names of the grades, by their numbers. */
export const grades: readonly NetworkGrade[] = ['unknown', 'excellent', 'good', 'poor', 'bad', 'vbad', 'down']

/**
 * Up to where a figure still earns excellent, good, poor and bad; above is vbad. A direction is as good as the worst of its three
 * figures. The round trips are twice the one-way delays of ITU-T G.114 (150 ms good, 400 ms the limit), less what a line adds; the losses
 * are where G.711 with concealment leaves the grades of ITU-T G.113 appendix I; the jitter is what a browser's buffer swallows.
 */
export const thresholds = {
  rtt: [100, 200, 350, 600], // ms
  loss: [1, 3, 6, 12], // percent
  jitter: [20, 40, 70, 120], // ms
} as const

/** Losses are counted over so many ms. */
const window = 5_000
/** Who hears nothing for so long though he should, hears nothing at all. */
const silence = 2_000

/** The grade of a direction. Without any figure it is unknown. */
export function gradeOf(figures: { rtt: number; loss: number; jitter: number }): NetworkQuality {
  const each = (['rtt', 'loss', 'jitter'] as const).map((name) => {
    const value = figures[name]
    if (value < 0) return 0
    return 1 + thresholds[name].filter((limit) => value > limit).length
  })
  return Math.max(...each) as NetworkQuality
}

/** Quality watches one call's sound: give it the counts every second. */
export class Quality {
  private readonly history: Counts[] = []
  private heard: number
  private silent = false

  constructor(
    private readonly sessionId: string,
    began: number,
  ) {
    this.heard = began
  }

  /** Whether nothing has come in for two seconds while it should. */
  get isSilent(): boolean {
    return this.silent
  }

  /** Takes the counts of this second. `expected`: the agent should hear something now. */
  take(counts: Counts, expected: boolean): NetworkQualityEvent {
    const before = this.history[this.history.length - 1]
    if (!expected || before === undefined || (counts.received ?? 0) > (before.received ?? 0)) this.heard = counts.at
    this.silent = counts.at - this.heard >= silence
    this.history.push(counts)
    while (this.history.length > 2 && counts.at - (this.history[1]?.at ?? 0) >= window) this.history.shift()
    return this.judge(counts)
  }

  private judge(now: Counts): NetworkQualityEvent {
    const rtt = rounded(now.rtt)
    const lossDown = this.loss('received', 'lostDown')
    const lossUp = this.loss('sent', 'lostUp')
    const jitterDown = this.usual('jitterDown')
    const jitterUp = this.usual('jitterUp')
    const young = this.history.length < 3 // the first seconds of a call say little
    const up: NetworkQuality = young ? 0 : gradeOf({ rtt, loss: lossUp, jitter: jitterUp })
    const heard: NetworkQuality = young ? 0 : gradeOf({ rtt, loss: lossDown, jitter: jitterDown })
    const down = this.silent ? 6 : heard
    const quality = Math.max(up, down) as NetworkQuality
    return { sessionId: this.sessionId, quality, grade: grades[quality] ?? 'unknown', up, down, rtt, lossUp, lossDown, jitterUp, jitterDown }
  }

  /** The middle of the last three: who is heard may change, and the clocks of the two say nothing of the way. */
  private usual(name: 'jitterDown' | 'jitterUp'): number {
    const [a = -1, b = a, c = b] = this.history.slice(-3).map((h) => rounded(h[name]))
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
  }

  /** Packets lost of all that were sent, in percent; -1 when nothing was sent. RFC 3550 counts late ones as negative. */
  private loss(arrived: 'received' | 'sent', lost: 'lostDown' | 'lostUp'): number {
    const first = this.history.find((h) => h[arrived] !== undefined && h[lost] !== undefined)
    const last = this.history[this.history.length - 1]
    const [a, b, c, d] = [first?.[arrived], last?.[arrived], first?.[lost], last?.[lost]]
    if (a === undefined || b === undefined || c === undefined || d === undefined) return -1
    const gone = Math.max(0, d - c)
    const all = arrived === 'sent' ? b - a : b - a + gone
    return all <= 0 ? -1 : Math.min(100, Math.round((1000 * gone) / all) / 10)
  }
}

function rounded(value: number | undefined): number {
  return value === undefined ? -1 : Math.round(value)
}

/** Reads the browser's report (W3C webrtc-stats). Seconds become milliseconds. */
export function countsOf(report: RTCStatsReport, at: number): Counts {
  const counts: Counts = { at }
  report.forEach((entry: Record<string, unknown>) => {
    const number = (name: string) => (typeof entry[name] === 'number' ? entry[name] : undefined)
    const ms = (name: string) => (typeof entry[name] === 'number' ? entry[name] * 1000 : undefined)
    switch (entry['type']) {
      case 'inbound-rtp': // one for each source there ever was: who spoke alone, the mix
        counts.received = (counts.received ?? 0) + (number('packetsReceived') ?? 0)
        counts.lostDown = (counts.lostDown ?? 0) + (number('packetsLost') ?? 0)
        counts.jitterDown = ms('jitter')
        break
      case 'outbound-rtp':
        counts.sent = number('packetsSent')
        break
      case 'remote-inbound-rtp':
        Object.assign(counts, { lostUp: number('packetsLost'), jitterUp: ms('jitter') })
        counts.rtt = ms('roundTripTime') ?? counts.rtt
        break
      case 'candidate-pair':
        if (entry['state'] === 'succeeded' && entry['nominated'] !== false) counts.rtt ??= ms('currentRoundTripTime')
        break
    }
  })
  return counts
}
