// Who is inside, and what he may do.
import { computed, reactive } from 'vue'

import { asker, door } from './api/client'

export type Area =
  | 'live' | 'supervise' | 'records' | 'recordings' | 'reports' | 'staff' | 'groups' | 'numbers' | 'trunks' | 'phones' | 'flows'
  | 'lists' | 'push' | 'keys' | 'roles' | 'audit' | 'instance'

/** Level of a right: 1 to see, 2 to change. */
export type Level = 1 | 2

export interface Me {
  user: string
  name: string
  role: number
  super: boolean
  sdkAppId: number
  instances: { sdkAppId: number; name: string }[]
  rights: Partial<Record<Area, number>>
  factor: boolean
  csrf: string
}

const state = reactive<{ me: Me | null; asked: boolean }>({ me: null, asked: false })

export const session = {
  get me() {
    return state.me
  },
  /** may tells whether the person may see (1) or change (2) an area. */
  may: (area: Area, level: Level = 1) => (state.me?.rights[area] ?? 0) >= level,
  instance: computed(() => state.me?.instances.find((i) => i.sdkAppId === state.me?.sdkAppId)),

  take(me: Me) {
    state.me = me
    state.asked = true
    asker.sdkAppId = me.sdkAppId
    asker.csrf = me.csrf
  },
  /** find asks the server who is inside, once. */
  async find(): Promise<Me | null> {
    if (state.asked) return state.me
    try {
      session.take(await door<Me>('me'))
    } catch {
      state.asked = true
    }
    return state.me
  },
  async leave() {
    await door('signout', {}).catch(() => undefined)
    session.forget()
  },
  forget() {
    state.me = null
    state.asked = true
    asker.csrf = ''
  },
  async moveTo(sdkAppId: number) {
    session.take(await door<Me>('instance', { sdkAppId }))
  },
}
