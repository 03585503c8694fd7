// What differs between two texts, line by line.

export interface Line {
  /** what: ' ' in both, '-' only in the first, '+' only in the second, '…' lines left out that are in both. */
  what: ' ' | '-' | '+' | '…'
  text: string
}

/** diff finds a longest common sequence of lines; common beginnings and ends are taken first, so that small changes are cheap. */
export function diff(first: string, second: string): Line[] {
  const a = first.split('\n')
  const b = second.split('\n')
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  return [
    ...a.slice(0, head).map((text): Line => ({ what: ' ', text })),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...a.slice(a.length - tail).map((text): Line => ({ what: ' ', text })),
  ]
}

const most = 4_000_000 // of pairs that are compared; what is larger is shown as replaced

function middle(a: string[], b: string[]): Line[] {
  if (a.length * b.length > most) return [...a.map((text): Line => ({ what: '-', text })), ...b.map((text): Line => ({ what: '+', text }))]
  const width = b.length + 1
  const common = new Uint32Array((a.length + 1) * width)
  const at = (i: number, j: number) => common[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  }
  const out: Line[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push({ what: ' ', text: a[i] ?? '' })
      i++
      j++
    } else if (i < a.length && (j >= b.length || at(i + 1, j) >= at(i, j + 1))) {
      out.push({ what: '-', text: a[i++] ?? '' })
    } else {
      out.push({ what: '+', text: b[j++] ?? '' })
    }
  }
  return out
}

/** shortened leaves out what is the same far from any change. */
export function shortened(lines: Line[], around = 3): Line[] {
  const near = lines.map(() => false)
  lines.forEach((l, i) => {
    if (l.what === ' ') return
    for (let j = Math.max(0, i - around); j <= Math.min(lines.length - 1, i + around); j++) near[j] = true
  })
  const out: Line[] = []
  lines.forEach((l, i) => {
    if (near[i]) out.push(l)
    else if (out.at(-1)?.what !== '…') out.push({ what: '…', text: '' })
  })
  return out
}

export const changes = (lines: Line[]) => ({ added: lines.filter((l) => l.what === '+').length, gone: lines.filter((l) => l.what === '-').length })
