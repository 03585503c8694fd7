// What the pages say, in English and Chinese. Each page has a file of its own; this one puts them together.
import { createI18n } from 'vue-i18n'

import { asker } from '../api/client'
import { audit } from './audit'
import { designer } from './designer'
import { flows } from './flows'
import { frame } from './frame'
import { groups } from './groups'
import { hours } from './hours'
import { keys } from './keys'
import { live } from './live'
import { lists } from './lists'
import { numbers } from './numbers'
import { overview } from './overview'
import { phones } from './phones'
import { push } from './push'
import { records } from './records'
import { roles } from './roles'
import { settings } from './settings'
import { sounds } from './sounds'
import { staff } from './staff'
import { trunks } from './trunks'
import { voicemail } from './voicemail'

const wanted = localStorage.getItem('openseat.console.lang') ?? (navigator.language.startsWith('zh') ? 'zh' : 'en')

/** Words of one page: the same keys in both languages. */
export interface Words<T> {
  en: T
  zh: T
}

const parts = { audit, designer, flows, frame, groups, hours, keys, lists, live, numbers, overview, phones, push, records, roles, settings, sounds, staff, trunks, voicemail }

function inLanguage(lang: 'en' | 'zh') {
  return Object.fromEntries(Object.entries(parts).map(([name, words]) => [name, words[lang]]))
}

export const i18n = createI18n({ legacy: false, locale: wanted, fallbackLocale: 'en', messages: { en: inLanguage('en'), zh: inLanguage('zh') } })

/** speak changes the language, and keeps it. */
export function speak(lang: 'en' | 'zh') {
  i18n.global.locale.value = lang
  asker.language = lang === 'zh' ? 'zh-CN' : 'en-US'
  document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en'
  localStorage.setItem('openseat.console.lang', lang)
}
