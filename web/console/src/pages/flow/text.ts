// A definition as text: written the same way every time, and read with the line of everything that is wrong.
import { exitsOf, keysOf, kinds, tidy, type Definition, type Step } from './definition'

/** Fault is something wrong with a text; line counts from 1. */
export interface Fault {
  line: number
  path: string
  message: string
}

const fieldOrder: string[] = ['type', 'label', ...new Set(Object.values(kinds).flatMap((k) => [...k.fields, ...k.exits])), 'leave']

/** written is a definition as text, its nodes in the order in which they can be reached. */
export function written(d: Definition): string {
  const nodes = Object.fromEntries(reached(d).map((id) => [id, inOrder(d.nodes[id] as Step)]))
  const out: Record<string, unknown> = { name: d.name, start: d.start }
  if (d.afterCall) out.afterCall = d.afterCall
  for (const [k, v] of Object.entries(d)) if (k !== 'nodes' && !(k in out) && v !== undefined && v !== '') out[k] = v
  return JSON.stringify({ ...out, nodes }, null, 2) + '\n'
}

function inOrder(s: Step): Step {
  const entries = Object.entries(tidy(s))
  const rank = (k: string) => (fieldOrder.includes(k) ? fieldOrder.indexOf(k) : fieldOrder.length)
  return Object.fromEntries(entries.sort(([a], [b]) => rank(a) - rank(b))) as unknown as Step
}

/** reached lists the nodes as a walk meets them, then those that no way leads to. */
export function reached(d: Definition): string[] {
  const seen = new Set<string>()
  const todo = [d.start, d.afterCall ?? '']
  for (let id = todo.shift(); id !== undefined; id = todo.shift()) {
    const step = d.nodes[id]
    if (!step || seen.has(id)) continue
    seen.add(id)
    todo.push(...exitsOf(step).map((e) => e.to))
  }
  return [...seen, ...Object.keys(d.nodes).filter((id) => !seen.has(id))]
}

/** read makes a definition of a text; it is null when the text cannot be one. */
export function read(text: string): { definition: Definition | null; faults: Fault[]; lines: Map<string, number> } {
  const scan = new Scanner(text)
  let value: unknown
  try {
    value = scan.whole()
  } catch (e) {
    if (!(e instanceof Broken)) throw e
    return { definition: null, faults: [{ line: lineAt(text, e.at), path: '', message: e.message }], lines: new Map() }
  }
  const lines = new Map([...scan.places].map(([path, at]) => [path, lineAt(text, at)]))
  const faults = faultsOf(value).map(({ path, message }) => ({ path, message, line: lineOf(lines, path) }))
  return { definition: faults.length ? null : (value as Definition), faults, lines }
}

/** lineOf finds the line of a path, or of the nearest thing around it. */
export function lineOf(lines: Map<string, number>, path: string): number {
  for (let p = path; ; p = p.slice(0, Math.max(0, p.lastIndexOf('.')))) {
    const line = lines.get(p)
    if (line !== undefined) return line
    if (!p) return 1
  }
}

const lineAt = (text: string, at: number) => text.slice(0, at).split('\n').length

class Broken extends Error {
  constructor(message: string, readonly at: number) {
    super(message)
  }
}

const maxDepth = 20

/** Scanner reads JSON and notes where everything begins. Two members of one name are an error here. */
class Scanner {
  readonly places = new Map<string, number>()
  private at = 0
  constructor(private readonly text: string) {}

  whole(): unknown {
    const v = this.value('', 0)
    this.space()
    if (this.at < this.text.length) throw new Broken('end', this.at)
    return v
  }

  private value(path: string, depth: number): unknown {
    this.space()
    this.places.set(path, this.places.get(path) ?? this.at)
    if (depth > maxDepth) throw new Broken('deep', this.at)
    const c = this.text[this.at]
    if (c === '{') return this.object(path, depth)
    if (c === '[') return this.list(path, depth)
    if (c === '"') return this.string()
    const word = /^(?:true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/.exec(this.text.slice(this.at, this.at + 40))?.[0]
    if (!word) throw new Broken(c === undefined ? 'short' : 'value', this.at)
    this.at += word.length
    return JSON.parse(word)
  }

  private object(path: string, depth: number): unknown {
    const out: Record<string, unknown> = {}
    this.at++
    for (let first = true; ; first = false) {
      this.space()
      if (first && this.taken('}')) return out
      const start = this.at
      if (this.text[this.at] !== '"') throw new Broken('name', this.at)
      const name = this.string()
      if (Object.hasOwn(out, name)) throw new Broken('twice', start)
      const inner = path ? `${path}.${name}` : name
      this.places.set(inner, start)
      this.space()
      if (!this.taken(':')) throw new Broken('colon', this.at)
      Object.defineProperty(out, name, { value: this.value(inner, depth + 1), enumerable: true, writable: true, configurable: true })
      this.space()
      if (this.taken('}')) return out
      if (!this.taken(',')) throw new Broken('comma', this.at)
    }
  }

  private list(path: string, depth: number): unknown[] {
    const out: unknown[] = []
    this.at++
    this.space()
    if (this.taken(']')) return out
    for (;;) {
      out.push(this.value(`${path}.${out.length}`, depth + 1))
      this.space()
      if (this.taken(']')) return out
      if (!this.taken(',')) throw new Broken('comma', this.at)
    }
  }

  private string(): string {
    const start = this.at
    for (this.at++; this.at < this.text.length && this.text[this.at] !== '"' && this.text[this.at] !== '\n'; this.at++) if (this.text[this.at] === '\\') this.at++
    if (this.text[this.at] !== '"') throw new Broken('quote', start)
    this.at++
    try {
      return JSON.parse(this.text.slice(start, this.at)) as string
    } catch {
      throw new Broken('string', start)
    }
  }

  private taken(c: string): boolean {
    if (this.text[this.at] !== c) return false
    this.at++
    return true
  }

  private space() {
    while (this.at < this.text.length && ' \t\r\n'.includes(this.text[this.at] ?? '')) this.at++
  }
}

type Shape = 'text' | 'number' | 'yes' | 'texts' | 'prompts' | 'choices' | 'branches' | 'assign'

const shapes: Record<string, Shape> = {
  type: 'text', label: 'text', next: 'text', noInput: 'text', invalid: 'text', var: 'text', schedule: 'text', closed: 'text', url: 'text', method: 'text', failed: 'text', to: 'text',
  text: 'text', listed: 'text', nobody: 'text', overflow: 'text', leaveKey: 'text', leave: 'text', user: 'text', number: 'text', caller: 'text', flow: 'text',
  timeout: 'number', retries: 'number', min: 'number', max: 'number', group: 'number', priority: 'number', every: 'number', maxSeconds: 'number', last: 'yes',
  headers: 'texts', params: 'texts', outputs: 'texts', prompts: 'prompts', wrongPrompts: 'prompts', music: 'prompts', announce: 'prompts',
  choices: 'choices', branches: 'branches', assign: 'assign',
}

interface Wrong {
  path: string
  message: string
}

const isObject = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && !Array.isArray(v)

/** faultsOf holds a value against the form of a definition. What the form cannot say, the server checks. */
function faultsOf(v: unknown): Wrong[] {
  if (!isObject(v)) return [{ path: '', message: 'object' }]
  const out: Wrong[] = members('', v, { name: isText, start: isText, afterCall: isText, nodes: isObject }, ['name', 'start', 'nodes'])
  if (!isObject(v.nodes)) return out
  for (const [id, n] of Object.entries(v.nodes)) {
    const path = `nodes.${id}`
    if (!isObject(n)) out.push({ path, message: 'object' })
    else out.push(...stepFaults(path, n))
  }
  return out
}

const isText = (v: unknown) => typeof v === 'string'

function stepFaults(path: string, n: Record<string, unknown>): Wrong[] {
  const out: Wrong[] = []
  if (typeof n.type !== 'string' || !(n.type in kinds)) out.push({ path: `${path}.type`, message: 'kind' })
  for (const [field, v] of Object.entries(n)) {
    const shape = shapes[field]
    if (!shape || !Object.hasOwn(shapes, field)) out.push({ path: `${path}.${field}`, message: 'unknown' })
    else out.push(...shapeFaults(`${path}.${field}`, v, shape))
  }
  return out
}

function shapeFaults(path: string, v: unknown, shape: Shape): Wrong[] {
  switch (shape) {
    case 'text': return isText(v) ? [] : [{ path, message: 'text' }]
    case 'number': return Number.isInteger(v) ? [] : [{ path, message: 'number' }]
    case 'yes': return typeof v === 'boolean' ? [] : [{ path, message: 'yes' }]
    case 'texts': return isObject(v) ? members(path, v, Object.fromEntries(Object.keys(v).map((k) => [k, isText])), []) : [{ path, message: 'object' }]
    case 'prompts': return each(path, v, { audio: isText, text: isText, lang: isText }, [])
    case 'branches': return each(path, v, { if: isText, next: isText }, ['if', 'next'])
    case 'assign': return each(path, v, { var: isText, value: isText, expr: isText }, ['var'])
    case 'choices':
      if (!isObject(v)) return [{ path, message: 'object' }]
      return Object.entries(v).flatMap(([k, c]) => (isObject(c) ? members(`${path}.${k}`, c, { label: isText, next: isText }, []) : [{ path: `${path}.${k}`, message: 'object' }]))
  }
}

function each(path: string, v: unknown, allowed: Record<string, (v: unknown) => boolean>, must: string[]): Wrong[] {
  if (!Array.isArray(v)) return [{ path, message: 'list' }]
  return v.flatMap((x: unknown, i) => (isObject(x) ? members(`${path}.${i}`, x, allowed, must) : [{ path: `${path}.${i}`, message: 'object' }]))
}

function members(path: string, v: Record<string, unknown>, allowed: Record<string, (v: unknown) => boolean>, must: string[]): Wrong[] {
  const inside = (k: string) => (path ? `${path}.${k}` : k)
  const out: Wrong[] = must.filter((k) => !Object.hasOwn(v, k)).map((k) => ({ path: inside(k), message: 'missing' }))
  for (const [k, x] of Object.entries(v)) {
    const fits = Object.hasOwn(allowed, k) ? allowed[k] : undefined
    if (!fits) out.push({ path: inside(k), message: 'unknown' })
    else if (!fits(x)) out.push({ path: inside(k), message: fits === isText ? 'text' : 'object' })
  }
  return out
}

/** sameFlow tells whether two definitions say the same. */
export const sameFlow = (a: Definition, b: Definition): boolean => canonical(a) === canonical(b)

const canonical = (d: Definition) => JSON.stringify(sorted({ ...d, afterCall: d.afterCall ?? '', nodes: Object.fromEntries(Object.entries(d.nodes).map(([id, s]) => [id, tidy(s)])) }))

function sorted(v: unknown): unknown {
  if (Array.isArray(v)) return v.map(sorted)
  if (!isObject(v)) return v
  return Object.fromEntries(Object.keys(v).sort().map((k) => [k, sorted(v[k])]))
}

/** pressable are the keys that a node does not use yet. */
export const pressable = (s: Step): string[] => '1 2 3 4 5 6 7 8 9 0 * #'.split(' ').filter((k) => !keysOf(s.choices).includes(k))
