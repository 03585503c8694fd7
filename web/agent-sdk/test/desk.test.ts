import { describe, expect, it, vi } from 'vitest'
import type { Roster } from '../src/ui/office'
import { dark, light } from '../src/ui/colours'
import { hoursShown } from '../src/ui/day'
import { clock, initials, isNumber, moment, phone } from '../src/ui/format'
import { canTake, targets } from '../src/ui/picker'
import { Shell, within } from '../src/ui/shell'
import { deedOf } from '../src/ui/shortcuts'
import { en } from '../src/ui/strings/en'
import { zh } from '../src/ui/strings/zh'
import { pull } from '../src/ui/workbench'

describe('numbers and times', () => {
  it.each([
    ['008613800138000', '138 0013 8000'],
    ['00864008001000', '400 800 1000'],
    ['00861088886666', '010 8888 6666'],
    ['008675588886666', '0755 8888 6666'],
    ['008610086', '10086'],
    ['0044207946000', '+44207946000'],
    ['1001', '1001'],
    ['U-4711', 'U-4711'],
  ])('%s is shown as %s', (number, shown) => expect(phone(number)).toBe(shown))

  it.each([
    [-5, '0:00'],
    [7_400, '0:07'],
    [750_000, '12:30'],
    [3_723_000, '1:02:03'],
  ])('%d ms is %s', (ms, shown) => expect(clock(ms)).toBe(shown))

  it.each([
    ['138 0013 8000', true],
    ['+44 20 7946 000', true],
    ['110', true],
    ['11', false],
    ['bob', false],
    ['***', false],
  ])('%s could be a number: %s', (typed, is) => expect(isNumber(typed)).toBe(is))

  it.each([
    ['Alice Meyer', 'AM'],
    ['bob@demo.openseat', 'BD'],
    ['Bob', 'BO'],
    ['林晓雯', '晓雯'],
    ['', ''],
  ])('%s is %s for short', (name, short) => expect(initials(name)).toBe(short))

  it('tells when something was, as short as can be', () => {
    const now = new Date(2026, 4, 6, 15, 0).getTime()
    const at = (day: number, hour: number) => moment(new Date(2026, 4, day, hour, 5).getTime(), now, en.records, 'en')
    expect(at(6, 9)).toBe('09:05')
    expect(at(5, 9)).toBe('Yesterday 09:05')
    expect(at(2, 9)).toBe('5/2 09:05')
  })

  it('shows the hours of a working day, and those before and after that have calls', () => {
    expect(hoursShown([]).map((h) => h.hour)).toEqual([9, 10, 11, 12, 13, 14, 15, 16, 17])
    const late = hoursShown([{ hour: 19, in: 1, out: 0, missed: 0 }])
    expect(late.at(-1)).toEqual({ hour: 19, in: 1, out: 0, missed: 0 })
  })
})

describe('the picker', () => {
  const agent = (name: string, status: Roster['agents'][number]['status']) => ({ userId: `${name}@x`, name, staffNumber: '1', status, skillGroups: [] })
  const roster: Roster = {
    groups: [
      { skillGroupId: 1, skillGroupName: 'Support', waiting: 0, free: 0, online: 1 },
      { skillGroupId: '2', skillGroupName: 'Sales', waiting: 0, free: 0, online: 0 },
    ],
    agents: [agent('zoe', 'free'), agent('bob', 'busy'), agent('ann', 'offline'), agent('me', 'busy')],
  }
  const keys = (typed: string) => targets(roster, typed, 'me@x').map((t) => t.key)

  it('lists groups, then colleagues who are ready before the others, and not the agent himself', () => {
    expect(keys('')).toEqual(['g1', 'g2', 'uzoe@x', 'ubob@x', 'uann@x'])
  })

  it.each([
    ['s', ['g1', 'g2']],
    [' BOB ', ['ubob@x']],
    ['10086', ['outside']],
    ['nobody', []],
  ])('finds by %s', (typed, found) => expect(keys(typed)).toEqual(found))

  it('lets nobody be chosen who is not there', () => {
    const able = targets(roster, '', 'me@x').filter(canTake)
    expect(able.map((t) => t.key)).toEqual(['g1', 'uzoe@x', 'ubob@x'])
  })
})

describe('the shell', () => {
  const drawer = () => {
    const kept = new Map<string, string>()
    return { getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => void kept.set(k, v) }
  }

  it('keeps places and tastes from one load to the next', () => {
    const box = drawer()
    const shell = () => new Shell(vi.fn(), vi.fn(), () => box, 'a')
    shell().keep({ theme: 'dark', float: { right: 5, bottom: 9 } })
    expect(shell().kept).toMatchObject({ theme: 'dark', float: { right: 5, bottom: 9 } })
    box.setItem('a', 'no JSON')
    expect(shell().kept.theme).toBe('system')
  })

  it('works where nothing may be kept', () => {
    const forbidden = () => {
      throw new Error('SecurityError')
    }
    const shell = new Shell(vi.fn(), vi.fn(), forbidden, 'a')
    shell.keep({ theme: 'dark' })
    expect(shell.kept.theme).toBe('dark')
  })

  it('closes one thing after the other with Esc', () => {
    const shell = new Shell(vi.fn(), vi.fn(), drawer, 'a')
    shell.open('phone')
    shell.toggle('s1', 'keypad')
    shell.set({ help: true })
    expect([shell.escape(['s1']), shell.help]).toEqual([true, false])
    expect([shell.escape(['s1']), shell.panel('s1')]).toEqual([true, undefined])
    expect([shell.escape(['s1']), shell.visible.workbench]).toEqual([true, false])
    expect(shell.escape(['s1'])).toBe(false)
  })

  it('has colleagues watched as long as one view shows them', () => {
    const watch = vi.fn()
    const shell = new Shell(vi.fn(), watch, drawer, 'a')
    shell.watching(1)
    shell.watching(1)
    shell.watching(-1)
    expect(watch.mock.calls).toEqual([[true]])
    shell.watching(-1)
    expect(watch.mock.calls).toEqual([[true], [false]])
  })

  it('forgets what belonged to calls that are gone', () => {
    const shell = new Shell(vi.fn(), vi.fn(), drawer, 'a')
    shell.toggle('s1', 'team')
    shell.typed('s1', '5')
    shell.closed.add('s1')
    shell.forget([])
    expect([shell.panel('s1'), shell.digits.get('s1'), shell.closed.size]).toEqual([undefined, undefined, 0])
  })
})

describe('places', () => {
  const window = { width: 1000, height: 700 }

  it.each([
    [{ right: -50, bottom: 9999 }, { right: 8, bottom: 636 }],
    [{ right: 24, bottom: 24 }, { right: 24, bottom: 24 }],
  ])('%o is put into the window', (spot, put) => expect(within(spot, { width: 56, height: 56 }, window)).toEqual(put))

  it.each([
    ['w', -40, 0, { right: 24, bottom: 24, width: 940, height: 600 }],
    ['e', 20, 0, { right: 4, bottom: 24, width: 920, height: 600 }],
    ['nw', 30, 30, { right: 24, bottom: 24, width: 870, height: 570 }],
    ['s', 0, 999, { right: 24, bottom: -975, width: 900, height: 1599 }],
    ['se', -999, -999, { right: 164, bottom: 144, width: 760, height: 480 }],
  ])('pulled at %s by %d, %d', (edge, dx, dy, frame) => {
    expect(pull({ right: 24, bottom: 24, width: 900, height: 600 }, edge, dx, dy)).toEqual(frame)
  })
})

describe('shortcuts', () => {
  const press = (code: string, more: object = {}) => deedOf({ code, altKey: true, shiftKey: true, ctrlKey: false, metaKey: false, ...more })

  it.each([
    [press('KeyP'), 'answer'],
    [press('KeyH'), 'hangUp'],
    [press('KeyX'), undefined],
    [press('KeyP', { ctrlKey: true }), undefined],
    [press('KeyP', { shiftKey: false }), undefined],
  ])('%s is %s', (deed, wanted) => expect(deed).toBe(wanted))
})

describe('the colours', () => {
  const luminance = (hex = '') => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255).reduce((sum, v, i) => sum + (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4) * ([0.2126, 0.7152, 0.0722][i] ?? 0), 0)
  const contrast = (a = '', b = '') => {
    const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
    return (high + 0.05) / (low + 0.05)
  }

  it.each([
    ['ink', 'paper-deep'],
    ['ink-soft', 'paper-deep'],
    ['ink-soft', 'accent-soft'],
    ['ink-soft', 'violet-soft'],
    ['accent', 'accent-soft'],
    ['accent-strong', 'accent-soft'],
    ['green', 'green-soft'],
    ['green', 'accent-soft'],
    ['red', 'red-soft'],
    ['red', 'accent-soft'],
    ['amber', 'amber-soft'],
    ['amber', 'accent-soft'],
    ['violet', 'violet-soft'],
  ])('%s can be read on %s (WCAG 2.2, 1.4.3)', (text, ground) => {
    expect(contrast(light[text], light[ground])).toBeGreaterThanOrEqual(4.5)
    expect(contrast(dark[text] ?? light[text], dark[ground] ?? light[ground])).toBeGreaterThanOrEqual(4.5)
  })
})

describe('the languages', () => {
  const shape = (value: unknown): unknown => (typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, shape(v)])) : typeof value)

  it('say the same things', () => expect(shape(zh)).toEqual(shape(en)))
})
