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
    name: 'people',
    pages: [{ name: 'staff', area: 'staff', icon: 'user', load: () => import('../pages/Staff.vue') }],
  },
]

export const allPages = (): Page[] => [home, ...sections.flatMap((s) => s.pages)]
