import { describe, expect, it } from 'vitest'
import { judge, median, wayOf } from '../check/network'
import { nothing, report, standingOf, verdict } from '../check/report'
import type { Findings, Standing } from '../check/report'
import { words } from '../check/words'

const found = (...standings: [Standing, Standing, Standing, Standing]): Findings => {
  const [browser, microphone, speaker, network] = standings.map((standing) => ({ standing, facts: {} }))
  if (!browser || !microphone || !speaker || !network) throw new Error('there are four steps')
  return { browser, microphone, speaker, network }
}

describe('the verdict', () => {
  it.each([
    [found('good', 'good', 'good', 'good'), 'good', 0],
    [found('good', 'fair', 'good', 'good'), 'fair', 0],
    [found('good', 'good', 'idle', 'busy'), 'idle', 2],
    [found('good', 'bad', 'idle', 'fair'), 'bad', 1],
    [nothing, 'idle', 4],
  ])('%o is %s', (findings, standing, open) => expect(verdict(findings)).toEqual({ standing, open }))

  it('is handed on as text', () => {
    const findings = { ...found('good', 'good', 'good', 'bad'), network: { standing: 'bad' as const, facts: { trouble: 'noServer 1006' } } }
    const text = report(findings, { at: '2026-05-06T07:08:09Z', agent: 'Browser/1', page: 'https://desk.test' })
    expect(text.split('\n')).toEqual(['OpenSeat self-check', 'time: 2026-05-06T07:08:09Z', 'page: https://desk.test', 'browser: Browser/1', 'browser: good', 'microphone: good', 'speaker: good', 'network: bad', '  trouble: noServer 1006'])
  })
})

describe('the network', () => {
  const began = { at: 0, received: 100, lostDown: 1, sent: 100, lostUp: 0 }

  it('is judged by the worse of both directions', () => {
    const fine = judge(began, { at: 5000, received: 350, lostDown: 1, sent: 350, lostUp: 0, jitterDown: 3, jitterUp: 8.4, rtt: 21.6 }, 'udp')
    expect(fine).toEqual({ rtt: 22, loss: 0, jitter: 8, way: 'udp', grade: 1 })
    const poor = judge(began, { at: 5000, received: 345, lostDown: 6, sent: 350, lostUp: 25, jitterDown: 3, rtt: 20 }, 'udp')
    expect(poor).toMatchObject({ loss: 10, grade: 4 })
    expect(judge(began, { ...began, at: 5000, sent: 350 }, 'udp').grade).toBe(6)
  })

  it.each([
    [1, 'udp', 'good'],
    [2, 'udp', 'good'],
    [1, 'tcp', 'fair'],
    [3, 'udp', 'fair'],
    [5, 'udp', 'bad'],
    [6, 'udp', 'bad'],
    [0, 'udp', 'bad'],
  ])('of grade %d by %s is %s', (grade, way, standing) => expect(standingOf({ messages: 1, rtt: 1, loss: 0, jitter: 0, way, grade })).toBe(standing))

  it('takes the way of the chosen pair', () => {
    const reported = (...entries: Record<string, unknown>[]) => new Map(entries.map((e) => [String(e['id']), e])) as unknown as RTCStatsReport
    const candidates = [
      { id: 'l1', type: 'local-candidate', candidateType: 'host', protocol: 'udp' },
      { id: 'l2', type: 'local-candidate', candidateType: 'prflx', protocol: 'TCP' },
      { id: 'l3', type: 'local-candidate', candidateType: 'relay', protocol: 'udp' },
    ]
    const pair = (localCandidateId: string, more = {}) => ({ id: `p${localCandidateId}`, type: 'candidate-pair', localCandidateId, ...more })
    expect(wayOf(reported(...candidates, pair('l1'), pair('l2'), { id: 't', type: 'transport', selectedCandidatePairId: 'pl2' }))).toBe('tcp')
    expect(wayOf(reported(...candidates, pair('l1'), pair('l3', { selected: true })))).toBe('relay')
    expect(wayOf(reported(...candidates, pair('l1', { state: 'succeeded', nominated: true })))).toBe('udp')
    expect(wayOf(reported(...candidates))).toBe('')
  })

  it('is not judged by one slow message', () => expect(median([9, 1, 300, 8, 10])).toBe(9))
})

describe('the words', () => {
  const shape = (value: unknown): unknown => (typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, shape(v)])) : typeof value)

  it('are the same in both languages', () => expect(shape(words('zh'))).toEqual(shape(words('en'))))
})
