// The pages of the console, in the order of its menu. A page is one line here, one file in pages/ and one in words/.
import type { Component } from 'vue'

import type { Area } from '../session'

export interface Page {
  /** name of the page: its path, its key in words/frame.ts and its icon. */
  name: string
  /** area whose right is needed to see it; none is for everybody inside. */
  area?: Area
  icon: string
  load: () => Promise<{ default: Component }>
}

export interface Section {
  name: string
  pages: Page[]
}

export const home: Page = { name: 'overview', icon: 'home', load: () => import('../pages/Overview.vue') }

export const sections: Section[] = [
  {
    name: 'desk',
    pages: [
      { name: 'live', area: 'live', icon: 'dashboard', load: () => import('../pages/Live.vue') },
      { name: 'records', area: 'records', icon: 'history', load: () => import('../pages/Records.vue') },
      { name: 'voicemail', area: 'recordings', icon: 'microphone', load: () => import('../pages/Voicemail.vue') },
    ],
  },
  {
    name: 'people',
    pages: [
      { name: 'staff', area: 'staff', icon: 'user', load: () => import('../pages/Staff.vue') },
      { name: 'groups', area: 'groups', icon: 'usergroup', load: () => import('../pages/Groups.vue') },
      { name: 'phones', area: 'phones', icon: 'mobile', load: () => import('../pages/Phones.vue') },
      { name: 'roles', area: 'roles', icon: 'secured', load: () => import('../pages/Roles.vue') },
    ],
  },
  {
    name: 'lines',
    pages: [
      { name: 'numbers', area: 'numbers', icon: 'call', load: () => import('../pages/Numbers.vue') },
      { name: 'trunks', area: 'trunks', icon: 'link', load: () => import('../pages/Trunks.vue') },
      { name: 'lists', area: 'lists', icon: 'lock-on', load: () => import('../pages/Lists.vue') },
    ],
  },
  {
    name: 'flowsAll',
    pages: [
      { name: 'flows', area: 'flows', icon: 'flow', load: () => import('../pages/Flows.vue') },
      { name: 'sounds', area: 'flows', icon: 'sound', load: () => import('../pages/Sounds.vue') },
      { name: 'hours', area: 'flows', icon: 'time', load: () => import('../pages/Hours.vue') },
    ],
  },
  {
    name: 'system',
    pages: [
      { name: 'push', area: 'push', icon: 'notification', load: () => import('../pages/Push.vue') },
      { name: 'keys', area: 'keys', icon: 'key', load: () => import('../pages/Keys.vue') },
      { name: 'audit', area: 'audit', icon: 'history', load: () => import('../pages/Audit.vue') },
      { name: 'settings', area: 'instance', icon: 'setting', load: () => import('../pages/Settings.vue') },
    ],
  },
]

export const allPages = (): Page[] => [home, ...sections.flatMap((s) => s.pages)]
