// Light or dark: as the system says, until somebody chooses.
import { ref, watchEffect } from 'vue'

const system = matchMedia('(prefers-color-scheme: dark)')
const chosen = localStorage.getItem('openseat.console.theme')

export const dark = ref(chosen ? chosen === 'dark' : system.matches)

system.addEventListener('change', () => {
  if (!localStorage.getItem('openseat.console.theme')) dark.value = system.matches
})
watchEffect(() => document.documentElement.setAttribute('theme-mode', dark.value ? 'dark' : 'light'))

/** choose keeps a choice for the next visit. */
export function choose(isDark: boolean) {
  dark.value = isDark
  localStorage.setItem('openseat.console.theme', isDark ? 'dark' : 'light')
}
