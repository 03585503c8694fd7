// Undo and redo: the states that were, and those that were undone.

export interface Past<T> {
  back: T[]
  forth: T[]
  /** key of the change that made the present state; changes with the same key run together. */
  key: string
}

const most = 200

export const noPast = <T>(): Past<T> => ({ back: [], forth: [], key: '' })

/** done notes that present is about to be changed. Changes with the same key, which is not empty, are undone together. */
export function done<T>(p: Past<T>, present: T, key = ''): Past<T> {
  if (key && key === p.key) return { ...p, forth: [] }
  return { back: [...p.back, present].slice(-most), forth: [], key }
}

/** undone answers the state before present; null when there is none. */
export function undone<T>(p: Past<T>, present: T): { past: Past<T>; state: T } | null {
  const state = p.back.at(-1)
  if (state === undefined) return null
  return { past: { back: p.back.slice(0, -1), forth: [...p.forth, present], key: '' }, state }
}

export function redone<T>(p: Past<T>, present: T): { past: Past<T>; state: T } | null {
  const state = p.forth.at(-1)
  if (state === undefined) return null
  return { past: { back: [...p.back, present], forth: p.forth.slice(0, -1), key: '' }, state }
}
