import { describe, expect, it } from 'vitest'

import { inWords, missingSchedules } from '../src/pages/flow/problems'
import { minutes, overnight, spansOf } from '../src/pages/hours/week'
import { mostBytes, nameOf, wrongWith } from '../src/pages/sounds/upload'

describe('a week of working hours', () => {
  it.each([['09:00', 540], ['24:00', 1440], ['24:01', null], ['9:00', null], ['10:60', null], ['', null]])('reads %j', (time, want) => expect(minutes(time)).toBe(want))

  it('splits what reaches over midnight, and joins what touches', () => {
    const days = spansOf([
      { Weekdays: [1], From: '09:00', To: '12:00' }, { Weekdays: [1], From: '12:00', To: '18:00' }, { Weekdays: [6], From: '22:00', To: '06:00' }, { Weekdays: [3], From: '20:00', To: '00:00' },
    ])
    expect(days).toEqual([[[0, 360]], [[540, 1080]], [], [[1200, 1440]], [], [], [[1320, 1440]]])
    expect(overnight('22:00', '06:00')).toBe(true)
    expect(overnight('20:00', '00:00')).toBe(false)
  })
})

describe('a prompt to upload', () => {
  it.each([['hello.WAV', 10, ''], ['hello.mp3', mostBytes, ''], ['hello.mp3', mostBytes + 1, 'tooBig'], ['hello.ogg', 10, 'wrongKind']])('%s of %d bytes', (name, size, want) => expect(wrongWith({ name, size })).toBe(want))
  it('is named after its file', () => expect(nameOf('C:\\sounds\\hello.there.wav')).toBe('hello.there'))
})

describe('a problem', () => {
  const t = (key: string, named?: Record<string, unknown>) => key + (named && Object.keys(named).length ? JSON.stringify(named) : '')
  it.each([
    ['group', 'is missing', 'designer.field.group: designer.problem.missing'],
    ['timeout', 'must be 0 to 10', 'designer.field.timeout: designer.problem.range{"from":"0","to":"10"}'],
    ['choices.1.next', 'there is no node "x"', 'designer.field.choices 1 › designer.field.next: designer.problem.nowhere{"id":"x"}'],
    ['type', 'cannot be reached', 'designer.problem.unreachable'],
    ['branches.0.if', 'unexpected token', 'designer.field.branches 1: unexpected token'],
  ])('of %s that %s', (field, message, want) => expect(inWords({ Node: 'a', Field: field, Message: message, Warning: false }, t)).toBe(want))

  it('is working hours that there are none of', () => {
    const d = { name: 'x', start: 'a', nodes: { a: { type: 'worktime', schedule: 'office' }, b: { type: 'worktime', schedule: 'night' } } }
    expect(missingSchedules(d, ['office']).map((p) => p.Node)).toEqual(['b'])
  })
})
