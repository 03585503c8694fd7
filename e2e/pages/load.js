// Loads the SDK: ?user=…, and the script tag's data attributes (&renderDomId=…&lang=zh). Notes what a page could notice of it.
const query = new URLSearchParams(location.search)
window.violations = []
document.addEventListener('securitypolicyviolation', (e) => window.violations.push(`${e.violatedDirective} ${e.blockedURI}`))

/** How everything on the page looks, and what is global. */
window.page = () => ({
  globals: Object.keys(window),
  looks: [...document.querySelectorAll('body *:not(openseat-agent, script)')].map((element) => {
    const style = getComputedStyle(element)
    return [element.tagName, ...[...style].map((name) => style.getPropertyValue(name))].join('|')
  }),
})
// Even a script is an element that a page's style may show: it is there before the first look.
const script = document.createElement('script')
script.crossOrigin = 'anonymous'
for (const name of ['renderDomId', 'lang']) if (query.get(name)) script.dataset[name] = query.get(name)
document.body.append(script)
window.before = window.page()
const response = await fetch('/sdk-url' + location.search, { method: 'POST' })
script.src = (await response.json()).SdkURL
