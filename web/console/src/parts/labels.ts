// The component library renders its fields without a bond between label and input. Screen readers, and clicks on labels, need
// one: this makes it for every field that appears.

let made = 0

function idOf(input: Element): string {
  if (!input.id) input.id = `field-${++made}`
  return input.id
}

function bind(root: ParentNode) {
  for (const item of root.querySelectorAll('.t-form__item')) {
    const label = item.querySelector('.t-form__label label')
    const input = item.querySelector('.t-form__controls input:not([type=radio]):not([type=checkbox]), .t-form__controls textarea')
    if (label instanceof HTMLLabelElement && input) label.htmlFor = idOf(input)
  }
  for (const wrap of root.querySelectorAll('[data-for]')) {
    const input = wrap.querySelector('input, textarea')
    if (input) input.id = wrap.getAttribute('data-for') ?? ''
  }
  for (const wrap of root.querySelectorAll('div[aria-label]:not([role])')) {
    const input = wrap.querySelector('input, textarea')
    if (!input) continue
    input.setAttribute('aria-label', wrap.getAttribute('aria-label') ?? '')
    wrap.removeAttribute('aria-label')
  }
}

/** bondLabels watches the page from now on. */
export function bondLabels() {
  let planned = false
  new MutationObserver(() => {
    if (planned) return
    planned = true
    requestAnimationFrame(() => {
      planned = false
      bind(document)
    })
  }).observe(document.body, { childList: true, subtree: true })
  bind(document)
}
