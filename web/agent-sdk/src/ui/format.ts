/** A number as people read it: home numbers without the country code and in groups, others with a plus. */
export function phone(number: string): string {
  const home = /^0086(\d+)$/.exec(number)?.[1]
  if (home === undefined) return /^00\d{5,}$/.test(number) ? `+${number.slice(2)}` : number
  if (/^1\d{10}$/.test(home)) return `${home.slice(0, 3)} ${home.slice(3, 7)} ${home.slice(7)}`
  if (/^[48]00\d{7}$/.test(home)) return `${home.slice(0, 3)} ${home.slice(3, 6)} ${home.slice(6)}`
  const line = /^(10|2\d)(\d{4})(\d{4})$/.exec(home) ?? /^([3-9]\d\d)(\d{3,4})(\d{4})$/.exec(home)
  return line ? `0${line.slice(1).join(' ')}` : home
}

/** A time as a clock: 0:07, 12:30, 1:02:03. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const two = (n: number) => String(n).padStart(2, '0')
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`
}

/** What something since a time has lasted. */
export function lasting(now: number, since: number | undefined): string {
  return since ? clock(now - since) : ''
}

const day = 86_400_000

/** When something was, as short as it can be understood: a time of today, yesterday, a date. */
export function moment(at: number, now: number, words: { yesterday: string }, lang: string): string {
  const time = new Date(at).toLocaleTimeString(lang, { hour: '2-digit', minute: '2-digit', hour12: false })
  const midnight = new Date(now).setHours(0, 0, 0, 0)
  if (at >= midnight) return time
  if (at >= midnight - day) return `${words.yesterday} ${time}`
  return `${new Date(at).toLocaleDateString(lang, { month: 'numeric', day: 'numeric' })} ${time}`
}

/** The letters that stand for a person: of a Western name two, of a Chinese name the last two. */
export function initials(name: string): string {
  const words = name.trim().split(/[\s@._-]+/).filter((w) => w)
  const first = words[0] ?? ''
  if (/[\u4e00-\u9fff]/.test(first)) return first.slice(-2)
  return words.length > 1 ? (first.slice(0, 1) + (words[1] ?? '').slice(0, 1)).toUpperCase() : first.slice(0, 2).toUpperCase()
}

/** Whether somebody typed what could be a telephone number. */
export function isNumber(text: string): boolean {
  return /^\+?[\d\s()*#-]{3,40}$/.test(text.trim()) && /\d{3}/.test(text.replace(/\D/g, ''))
}
