import 'tdesign-vue-next/es/style/index.css'
import './style.css'

import TDesign from 'tdesign-vue-next'
import { createApp } from 'vue'

import { asker } from './api/client'
import App from './App.vue'
import { bondLabels } from './parts/labels'
import { router } from './router'
import { session } from './session'
import { i18n, speak } from './words'

asker.signedOut = () => {
  const was = router.currentRoute.value
  session.forget()
  if (!was.meta.open) void router.replace({ name: 'signin', query: { to: was.fullPath } })
}
speak(i18n.global.locale.value === 'zh' ? 'zh' : 'en')
createApp(App).use(router).use(i18n).use(TDesign).mount('#app')
bondLabels()
