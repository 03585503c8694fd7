import { describe, expect, it } from 'vitest'

import { added, copied, exitsOf, leads, pasted, removed, renamed, variablesOf, withNode, type Definition } from '../src/pages/flow/definition'
import { changes, diff, shortened } from '../src/pages/flow/diff'
import { afterMark, keepPlaces, layout, placed, placesOf, startMark, waysOf } from '../src/pages/flow/graph'
import { done, noPast, redone, undone } from '../src/pages/flow/past'
import { begin, templates } from '../src/pages/flow/templates'
import { lineOf, read, sameFlow, written } from '../src/pages/flow/text'

/** is what must be there. */
function is<T>(v: T | null | undefined): T {
  if (v === null || v === undefined) throw new Error('is missing')
  return v
}

const menu: Definition = {
  name: 'welcome', start: 'menu', afterCall: 'rate',
  nodes: {
    menu: { type: 'keys', choices: { 1: { label: 'Support', next: 'support' }, 0: { label: 'Again', next: 'menu' } }, noInput: 'support' },
    support: { type: 'queue', group: 1, overflow: 'bye', leaveKey: '*', leave: 'bye' },
    rate: { type: 'satisfaction', choices: { 1: { label: 'Good' } }, next: 'bye' },
    bye: { type: 'hangup' },
  },
}

describe('a definition', () => {
  it('has the exits of its nodes, keys as on a telephone', () => {
    expect(exitsOf(is(menu.nodes.menu)).map((e) => [e.name, e.to])).toEqual([
      ['choices.1.next', 'support'], ['choices.0.next', 'menu'], ['noInput', 'support'], ['invalid', ''],
    ])
    expect(exitsOf(is(menu.nodes.support)).map((e) => e.name)).toEqual(['leave', 'nobody', 'overflow'])
    expect(exitsOf({ type: 'condition', branches: [{ if: 'a', next: 'x' }], next: 'y' }).map((e) => e.to)).toEqual(['x', 'y'])
  })

  it.each([
    ['menu', 'choices.0.next', 'bye'], ['menu', 'invalid', 'bye'], ['support', 'nobody', 'menu'], ['rate', 'choices.1.next', 'menu'],
  ])('lets the exit %s %s lead to %s', (id, exit, to) => {
    const changed = leads(menu, id, exit, to)
    expect(exitsOf(is(changed.nodes[id])).find((e) => e.name === exit)?.to).toBe(to)
    expect(exitsOf(is(menu.nodes[id])).find((e) => e.name === exit)?.to).not.toBe(to)
  })

  it('leaves out what says nothing', () => {
    expect(withNode(menu, 'support', (s) => Object.assign(s, { timeout: 0, label: '', music: [] })).nodes.support).toEqual(menu.nodes.support)
  })

  it('loses the ways to a node that is removed', () => {
    const left = removed(menu, ['support', 'rate'])
    expect(left.afterCall).toBeUndefined()
    expect(waysOf(left).map((w) => w.id)).toEqual([`${startMark}:start`, 'menu:choices.0.next'])
    expect(removed(menu, ['menu']).start).toBe('')
  })

  it('gives a node another ID everywhere', () => {
    const other = renamed(menu, 'bye', 'end')
    expect(waysOf(other).filter((w) => w.to === 'end')).toHaveLength(3)
    expect(renamed(menu, 'menu', 'support')).toBe(menu)
    expect(renamed(menu, 'rate', 'survey').afterCall).toBe('survey')
  })

  it('gets copies with IDs of their own, and the ways among them', () => {
    const { definition, ids } = pasted(menu, copied(menu, ['menu', 'support']))
    expect(ids).toEqual({ menu: 'menu2', support: 'support2' })
    expect(exitsOf(is(definition.nodes.menu2)).map((e) => e.to)).toEqual(['support2', 'menu2', 'support2', ''])
    expect(exitsOf(is(definition.nodes.support2)).map((e) => e.to)).toEqual(['', '', ''])
  })

  it('gets new nodes, the first as its start', () => {
    const one = added({ name: 'x', start: '', nodes: {} }, 'queue', 'Support')
    expect(one.definition.start).toBe('queue')
    expect(added(one.definition, 'queue', '').id).toBe('queue2')
  })

  it('knows its variables', () => {
    expect(variablesOf({ name: 'x', start: '', nodes: { a: { type: 'digits', var: 'Order' }, b: { type: 'http', outputs: { Tier: 'body.tier' } } } })).toEqual(expect.arrayContaining(['Order', 'Tier', 'SystemCallerNumber']))
  })

  it.each(templates)('begins as the template %s', (name) => {
    const d = begin(name, 'mine', 'en', 7, 'office', (k) => k)
    expect(read(written(d)).faults).toEqual([])
    const to = new Set(waysOf(d).map((w) => w.to))
    expect(Object.keys(d.nodes).filter((id) => !to.has(id))).toEqual([])
  })
})

describe('the picture', () => {
  it('puts what comes later further right, circles or not', () => {
    const at = layout(menu)
    expect(Object.keys(at).sort()).toEqual([startMark, afterMark, 'menu', 'support', 'rate', 'bye'].sort())
    expect(is(at.menu).x).toBeGreaterThan(is(at[startMark]).x)
    expect(is(at.support).x).toBeGreaterThan(is(at.menu).x)
    expect(is(at.bye).x).toBeGreaterThan(is(at.support).x)
  })

  it('is the same every time, and lays no node on another', () => {
    expect(layout(menu)).toEqual(layout(menu))
    const spots = Object.values(layout(menu)).map((p) => `${p.x}/${p.y}`)
    expect(new Set(spots).size).toBe(spots.length)
  })

  it('takes a long flow', () => {
    const nodes = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`n${i}`, { type: 'play', next: `n${(i + 1) % 500}` }]))
    expect(Object.keys(layout({ name: 'long', start: 'n0', nodes }))).toHaveLength(502)
  })

  it('keeps where somebody put a node', () => {
    const kept = new Map<string, string>()
    const storage = { getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => void kept.set(k, v) }
    keepPlaces(1, 'welcome', { bye: { x: 5, y: 6 }, gone: { x: 1, y: 1 } }, storage)
    expect(placesOf(2, 'welcome', storage)).toEqual({})
    const at = placed(menu, placesOf(1, 'welcome', storage))
    expect(at.bye).toEqual({ x: 5, y: 6 })
    expect(at.gone).toBeUndefined()
    kept.forEach((_, k) => kept.set(k, 'not JSON'))
    expect(placesOf(1, 'welcome', storage)).toEqual({})
  })
})

describe('undo', () => {
  it('goes back and forth, what was typed in one go together', () => {
    let past = noPast<string>()
    past = done(past, '')
    past = done(past, 'a', 'label')
    past = done(past, 'ab', 'label')
    const back = is(undone(past, 'abc'))
    expect(back.state).toBe('a')
    const first = is(undone(back.past, back.state))
    expect(first.state).toBe('')
    expect(undone(first.past, first.state)).toBeNull()
    expect(redone(first.past, first.state)?.state).toBe('a')
    expect(redone(done(first.past, 'x'), 'y')).toBeNull()
  })
})

describe('the difference', () => {
  it('names the lines that changed', () => {
    const lines = diff('a\nb\nc\nd', 'a\nB\nc\nd\ne')
    expect(lines.map((l) => l.what + l.text)).toEqual([' a', '-b', '+B', ' c', ' d', '+e'])
    expect(changes(lines)).toEqual({ added: 2, gone: 1 })
    expect(diff('a', 'a')).toEqual([{ what: ' ', text: 'a' }])
  })

  it('leaves out what is far from any change', () => {
    const text = Array.from({ length: 30 }, (_, i) => String(i)).join('\n')
    expect(shortened(diff(text, `${text}\nx`), 2).map((l) => l.what + l.text)).toEqual(['…', ' 28', ' 29', '+x'])
  })
})

describe('the text form', () => {
  it('says the same as the picture', () => {
    const back = read(written(menu))
    expect(back.faults).toEqual([])
    expect(sameFlow(is(back.definition), menu)).toBe(true)
    expect(written(is(back.definition))).toBe(written(menu))
    expect(sameFlow(menu, leads(menu, 'menu', 'invalid', 'bye'))).toBe(false)
  })

  it('knows the line of everything', () => {
    const { lines } = read(written(menu))
    const text = written(menu).split('\n')
    expect(text[lineOf(lines, 'nodes.support.group') - 1]).toContain('"group"')
    expect(text[lineOf(lines, 'nodes.support.nowhere') - 1]).toContain('"support"')
  })

  it.each([
    ['{"name": "x",\n "start": }', 2, 'value'],
    ['{"name": "x"\n "start": "a"}', 2, 'comma'],
    ['{"name": "x", "name": "y"}', 1, 'twice'],
    ['{"name": "x\n"}', 1, 'quote'],
    ['{} {}', 1, 'end'],
    ['{"name": "x",\n"start": "a",\n"nodes": {"a": {"type": "play",\n"loud": true}}}', 4, 'unknown'],
    ['{"name": "x", "start": "a", "nodes": {"a": {"type": "dance"}}}', 1, 'kind'],
    ['{"name": "x", "start": "a", "nodes": {"a": {"type": "play", "prompts": [\n{"text": 5}]}}}', 2, 'text'],
    ['{"name": "x", "start": "a", "nodes": {"a": {"type": "keys", "timeout": "5"}}}', 1, 'number'],
    ['[]', 1, 'object'],
    ['{"name": "x", "start": "a"}', 1, 'missing'],
    ['['.repeat(100), 1, 'deep'],
  ])('refuses %j', (text, line, message) => {
    const { definition, faults } = read(text)
    expect(definition).toBeNull()
    expect(faults[0]).toMatchObject({ line, message })
  })
})
