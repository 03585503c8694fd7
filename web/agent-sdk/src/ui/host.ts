import styles from './style'

/**
 * Where the face lives in a stranger's page: an element of a name of its own, so that rules for div do not reach it, with a shadow
 * root, so that no style leaks either way. What the page's rules say of everything (`*`) is overruled in place.
 */
export class Host {
  readonly element: HTMLElement
  readonly root: HTMLElement
  private place: HTMLElement | undefined

  constructor(lang: string) {
    this.element = document.createElement('openseat-agent')
    const shadow = this.element.attachShadow({ mode: 'open' })
    dress(shadow)
    this.root = document.createElement('div')
    this.root.lang = lang === 'zh' ? 'zh-CN' : 'en'
    this.root.dir = 'ltr'
    this.root.className = 'root'
    for (const event of ['keydown', 'keyup', 'keypress']) this.root.addEventListener(event, (e) => e.stopPropagation()) // the page's shortcuts
    shadow.append(this.root)
  }

  get inline(): boolean {
    return this.place !== undefined
  }

  /** Puts the face into an element of the page, or over the page. Where it is already, nothing changes. */
  put(place: HTMLElement | undefined, visible: boolean): void {
    const parent = place ?? document.body
    if (this.element.parentNode !== parent) parent.append(this.element)
    this.place = place
    this.root.classList.toggle('inline', place !== undefined)
    this.style(visible)
  }

  private style(visible: boolean): void {
    const { style } = this.element
    const set = (name: string, value: string) => {
      if (style.getPropertyValue(name) !== value) style.setProperty(name, value, 'important')
    }
    if (!style.getPropertyValue('all')) style.setProperty('all', 'initial', 'important')
    set('display', visible ? 'block' : 'none')
    set('height', this.place ? '100%' : 'auto')
    this.raise(visible)
  }

  theme(dark: boolean): void {
    this.root.classList.toggle('dark', dark)
    this.root.style.colorScheme = dark ? 'dark' : 'light'
  }

  remove(): void {
    this.element.remove()
  }

  /** Into the browser's top layer: above every z-index, and free of transforms and filters of the page's body. */
  private raise(visible: boolean): void {
    const { element } = this
    if (!('showPopover' in element) || !element.isConnected) return
    try {
      if (this.place) {
        element.removeAttribute('popover')
      } else {
        if (element.popover !== 'manual') element.popover = 'manual'
        if (visible && !element.matches(':popover-open')) element.showPopover()
      }
    } catch {
      // then it is only as high as its z-index
    }
  }
}

/** Gives the shadow root its style; a constructed sheet passes the strictest content security policy. */
function dress(shadow: ShadowRoot): void {
  if ('adoptedStyleSheets' in shadow) {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(styles)
    shadow.adoptedStyleSheets = [sheet]
    return
  }
  const element = document.createElement('style')
  element.textContent = styles
  ;(shadow as ShadowRoot).append(element)
}
