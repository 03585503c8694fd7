/** Options are what the script tag says. */
export interface Options {
  url: string
  token: string
  sdkAppId: string
  userId: string
  renderDomId: string
  lang: 'zh' | 'en'
  /** Pages of this browser share one login (data-enable-shared). */
  shared: boolean
}

/** The parts of a script element that are read. */
export interface Tag {
  src: string
  dataset: Record<string, string | undefined>
}

/**
 * Reads the script tag: the SdkURL's query, and the data attributes (which older pages use for the login too). The
 * server is where the script came from.
 */
export function readOptions(tag: Tag, language: string): Options {
  const src = new URL(tag.src)
  const { dataset } = tag
  const of = (...names: string[]) => names.map((n) => src.searchParams.get(n) ?? dataset[n]).find((v) => v) ?? ''
  const server = new URL('agent', src)
  server.protocol = src.protocol === 'https:' ? 'wss:' : 'ws:'
  return {
    url: server.href,
    token: of('token'),
    sdkAppId: of('sdkAppId'),
    userId: of('userId', 'userid'),
    renderDomId: dataset['renderDomId'] ?? '',
    shared: isOn(dataset['enableShared']),
    lang: (dataset['lang'] ?? language).toLowerCase().startsWith('zh') ? 'zh' : 'en',
  }
}

/** A data attribute that is there, unless it says no. */
function isOn(value: string | undefined): boolean {
  return value !== undefined && !['false', '0', 'no'].includes(value.toLowerCase())
}
