/** A number as people read it: home numbers without the country code, Chinese mobiles in groups, others with a plus. */
export function phone(number: string): string {
  const home = /^0086(\d+)$/.exec(number)?.[1]
  if (home !== undefined) return /^1\d{10}$/.test(home) ? `${home.slice(0, 3)} ${home.slice(3, 7)} ${home.slice(7)}` : home
  return number.startsWith('00') ? `+${number.slice(2)}` : number
}

/** A time as a clock: 0:07, 12:30, 1:02:03. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const two = (n: number) => String(n).padStart(2, '0')
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`
}
