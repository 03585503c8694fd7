// The flow that is being designed: what it is now, what it was, what is chosen in it, and what is wrong with it.
import { computed, inject, onScopeDispose, provide, ref, shallowRef, watch, type InjectionKey } from 'vue'

import { call } from '../../api/client'
import type { FlowProblem, NumberSettings, SkillGroupInfoItem, Sound, StaffInfo } from '../../api/types'
import { added, copied, leads, pasted, removed, withNode, type Clip, type Definition, type KindName, type Step } from './definition'
import { afterMark, isMark, keepPlaces, layout, placed, placesOf, startMark, type Place, type Places } from './graph'
import { done, noPast, redone, undone } from './past'
import { missingSchedules } from './problems'
import { sameFlow } from './text'

/** World is what there is around a flow to choose from. */
export interface World {
  groups: SkillGroupInfoItem[]
  people: StaffInfo[]
  flows: string[]
  schedules: string[]
  sounds: Sound[]
  numbers: NumberSettings[]
}

interface State {
  definition: Definition
  moved: Places
}

/** Trail is where a walk that is tried out has been, and where it stands. */
export interface Trail {
  been: string[]
  at: string
}

const checkAfter = 500 // milliseconds after the last change

/** makeDesign keeps a flow of an instance while it is designed. */
export function makeDesign(app: number, name: string, may: boolean) {
  const state = shallowRef<State>({ definition: { name, start: '', nodes: {} }, moved: placesOf(app, name) })
  const past = shallowRef(noPast<State>())
  const saved = shallowRef<Definition>(state.value.definition)
  const chosen = ref<string[]>([])
  const way = ref('')
  const trail = shallowRef<Trail>({ been: [], at: '' })
  const told = shallowRef<FlowProblem[]>([])
  const checking = ref(false)
  const world = shallowRef<World>({ groups: [], people: [], flows: [], schedules: [], sounds: [], numbers: [] })

  const definition = computed(() => state.value.definition)
  const places = computed(() => placed(definition.value, state.value.moved))
  const dirty = computed(() => definition.value !== saved.value && !sameFlow(definition.value, saved.value))
  const problems = computed(() => [...told.value, ...missingSchedules(definition.value, world.value.schedules)])

  function become(next: State) {
    state.value = next
    keepPlaces(app, name, next.moved)
    chosen.value = chosen.value.filter((id) => id in next.definition.nodes)
  }
  /** change makes the next state; changes with the same key are undone together. */
  function change(next: Partial<State>, key = '') {
    past.value = done(past.value, state.value, key)
    become({ ...state.value, ...next })
  }
  const step = (back: boolean) => {
    const to = back ? undone(past.value, state.value) : redone(past.value, state.value)
    if (!to) return
    past.value = to.past
    become(to.state)
  }

  let timer: ReturnType<typeof setTimeout> | undefined
  let asking = new AbortController()
  async function check() {
    asking.abort()
    const mine = (asking = new AbortController())
    checking.value = true
    try {
      const answer = await call('CheckFlow', { Definition: definition.value }, mine.signal)
      told.value = answer.Problems
    } catch {
      // What is wrong is asked again after the next change; saving and publishing say what failed.
    }
    if (!mine.signal.aborted) checking.value = false
  }
  watch(definition, () => {
    clearTimeout(timer)
    if (may) timer = setTimeout(() => void check(), checkAfter)
  })
  onScopeDispose(() => {
    clearTimeout(timer)
    asking.abort()
  })

  return {
    name, may, definition, places, chosen, way, trail, problems, checking, world, dirty,
    canUndo: computed(() => past.value.back.length > 0),
    canRedo: computed(() => past.value.forth.length > 0),
    undo: () => step(true),
    redo: () => step(false),

    /** open begins with a definition, as it was saved. */
    open(d: Definition) {
      saved.value = d
      past.value = noPast()
      become({ ...state.value, definition: d })
    },
    /** kept says that a definition is what the server has. */
    kept: (d: Definition) => (saved.value = d),
    /** take makes a whole definition the present one. */
    take: (d: Definition) => change({ definition: { ...d, name } }),
    /** edit changes a node; what is typed into one field is undone together. */
    edit: (id: string, field: string, how: (s: Step) => void) => change({ definition: withNode(definition.value, id, how) }, `${id}.${field}`),
    connect(from: string, exit: string, to: string) {
      if (isMark(to)) return
      if (from === startMark) change({ definition: { ...definition.value, start: to } })
      else if (from === afterMark) change({ definition: after(definition.value, to) })
      else change({ definition: leads(definition.value, from, exit, to) })
    },
    add(kind: KindName, label: string, at?: Place) {
      const { definition: d, id } = added(definition.value, kind, label)
      change({ definition: d, moved: at ? { ...state.value.moved, [id]: at } : state.value.moved })
      chosen.value = [id]
      return id
    },
    remove(ids: string[]) {
      if (ids.length) change({ definition: removed(definition.value, ids) })
    },
    move: (to: Places) => change({ moved: { ...state.value.moved, ...to } }),
    arrange: () => change({ moved: {} }),
    rename(from: string, to: Definition, id: string) {
      const { [from]: at, ...others } = state.value.moved
      change({ definition: to, moved: at ? { ...others, [id]: at } : others })
      chosen.value = [id]
    },
    copied: (): Clip => copied(definition.value, chosen.value),
    paste(clip: Clip) {
      const { definition: d, ids } = pasted(definition.value, clip)
      const all = layout(d)
      const moved = Object.fromEntries(Object.entries(ids).map(([old, id]) => {
        const at = places.value[old] ?? all[id] ?? { x: 0, y: 0 }
        return [id, { x: at.x + 40, y: at.y + 40 }]
      }))
      change({ definition: d, moved: { ...state.value.moved, ...moved } })
      chosen.value = Object.values(ids)
    },
    check,
  }
}

function after(d: Definition, to: string): Definition {
  const out = { ...d, afterCall: to }
  if (!to) Reflect.deleteProperty(out, 'afterCall')
  return out
}

export type Design = ReturnType<typeof makeDesign>

const key: InjectionKey<Design> = Symbol('flow')

/** provideDesign gives the parts of the designer their flow. */
export const provideDesign = (design: Design) => provide(key, design)

/** useDesign is the flow of the designer around. */
export function useDesign(): Design {
  const design = inject(key)
  if (!design) throw new Error('no designer around')
  return design
}
