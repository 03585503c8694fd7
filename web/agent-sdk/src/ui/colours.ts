/** The colours by day. Texts keep a contrast of at least 4.5:1 on their grounds (WCAG 2.2, 1.4.3). */
export const light: Record<string, string> = {
  accent: '#2856d8',
  'accent-strong': '#1f47ba',
  'accent-soft': '#e9effe',
  ink: '#17202e',
  'ink-soft': '#566176',
  paper: '#ffffff',
  'paper-soft': '#f4f6fa',
  'paper-deep': '#e9edf4',
  line: '#dfe4ed',
  green: '#12733a',
  'green-soft': '#e2f5e8',
  red: '#d0212f',
  'red-soft': '#fdeaea',
  amber: '#8f5a00',
  'amber-soft': '#fff2d9',
  violet: '#6b3fc9',
  'violet-soft': '#f0eafd',
  'dot-green': '#22a355',
  'dot-red': '#e23744',
  'dot-amber': '#e59a12',
  'dot-orange': '#e2601c',
  'dot-violet': '#8b5cf6',
  'dot-grey': '#9aa4b5',
  shadow: '0 0 0 1px rgb(16 24 40 / 5%), 0 2px 6px rgb(16 24 40 / 8%), 0 16px 40px rgb(16 24 40 / 18%)',
  'shadow-low': '0 0 0 1px rgb(16 24 40 / 6%), 0 2px 4px rgb(16 24 40 / 8%), 0 6px 16px rgb(16 24 40 / 16%)',
  ring: '0 0 0 2px var(--paper), 0 0 0 4px var(--accent)',
}

/** What is different by night. */
export const dark: Record<string, string> = {
  accent: '#7aa2ff',
  'accent-strong': '#9bb9ff',
  'accent-soft': '#233355',
  ink: '#e8ecf4',
  'ink-soft': '#a3aec1',
  paper: '#171d29',
  'paper-soft': '#1f2735',
  'paper-deep': '#2a3446',
  line: '#323d51',
  green: '#5fd28a',
  'green-soft': '#17382a',
  red: '#ff8088',
  'red-soft': '#442128',
  amber: '#f5c163',
  'amber-soft': '#3d3017',
  violet: '#bba3fb',
  'violet-soft': '#322a51',
  shadow: '0 0 0 1px rgb(255 255 255 / 8%), 0 16px 44px rgb(0 0 0 / 60%)',
  'shadow-low': '0 0 0 1px rgb(255 255 255 / 10%), 0 6px 16px rgb(0 0 0 / 50%)',
}

/** The colours as custom properties of the root. */
export function colours(): string {
  const rule = (selector: string, all: Record<string, string>) =>
    `${selector} { ${Object.entries(all)
      .map(([name, value]) => `--${name}: ${value};`)
      .join(' ')} }`
  return [rule('.root', light), rule('.root.dark', dark)].join('\n')
}
