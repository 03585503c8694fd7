/** A number as people in China write it: 00864008001000 → 400-800-1000, 008613900001001 → 139-0000-1001. */
export function pretty(n: string): string {
  const local = n.replace(/^0086/, '')
  if (/^400\d{7}$/.test(local)) return local.replace(/^(\d{3})(\d{3})(\d{4})$/, '$1-$2-$3')
  if (/^1\d{10}$/.test(local)) return local.replace(/^(\d{3})(\d{4})(\d{4})$/, '$1-$2-$3')
  return local
}
