import { createRouter, createWebHashHistory } from 'vue-router'

import { allPages } from './frame/menu'
import { session } from './session'

declare module 'vue-router' {
  interface RouteMeta {
    /** open pages need nobody inside. */
    open?: boolean
    area?: string
  }
}

export const router = createRouter({
  history: createWebHashHistory('/console/'),
  routes: [
    { path: '/signin', name: 'signin', component: () => import('./pages/SignIn.vue'), meta: { open: true } },
    { path: '/link/:ticket', name: 'link', component: () => import('./pages/FollowLink.vue'), meta: { open: true } },
    { path: '/setup', name: 'setup', component: () => import('./pages/SetUp.vue'), meta: { open: true } },
    {
      path: '/',
      component: () => import('./frame/Frame.vue'),
      children: [
        { path: '', redirect: '/overview' },
        { path: 'me', name: 'me', component: () => import('./pages/Own.vue') },
        ...allPages().map((p) => ({ path: `${p.name}/:id?`, name: p.name, component: p.load, ...(p.area ? { meta: { area: p.area } } : {}) })),
        { path: ':rest(.*)*', component: () => import('./pages/NotFound.vue') },
      ],
    },
  ],
})

router.beforeEach(async (to) => {
  if (to.meta.open) return true
  if (await session.find()) return true
  return { name: 'signin', query: to.fullPath === '/overview' || to.fullPath === '/' ? {} : { to: to.fullPath } }
})
