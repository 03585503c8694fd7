// The agent's page: signs in, pops up with every call, and dials at a click.
const find = (id) => document.getElementById(id)
let sessionId // of the present call

await signIn()

/** Fetches a fresh SdkURL from our own back end and loads the SDK from it. Its token is good once, for ten minutes. */
async function signIn() {
  const answer = await fetch(`/sdk-url${location.search}`, { method: 'POST' })
  const { SdkURL, code, message } = await answer.json()
  if (!SdkURL) return complain(`${code}: ${message}`)
  const script = document.createElement('script')
  script.crossOrigin = 'anonymous'
  script.src = SdkURL
  script.addEventListener('load', listen)
  script.addEventListener('error', () => complain('the SDK cannot be loaded'))
  document.body.append(script)
}

/** window.tccc is there as soon as the script has run; it is not connected before `ready`. */
function listen() {
  const { on, events } = window.tccc
  for (const name of Object.values(events)) on(name, (e) => note(name, e.data))

  on(events.ready, showStatus)
  on(events.statusChanged, showStatus)
  on(events.tokenExpired, signIn)
  on(events.kickedOut, () => complain('You have signed in on another page.'))

  on(events.callIn, (e) => show(e, `${e.callerPhoneNumber ?? e.peerUserId} calls`, true))
  on(events.userAccessed, (e) => show(e, 'Talking', false))
  on(events.callOuted, (e) => show(e, `Calling ${e.calleePhoneNumber}`, false))
  on(events.calloutAccepted, (e) => show(e, 'Talking', false))
  on(events.autoTransfer, hide) // it rings at somebody else now
  on(events.sessionEnded, hide)
}

// A call at a click: one line.
for (const button of document.querySelectorAll('[data-call]')) {
  button.addEventListener('click', () => try_(window.tccc.Call.startOutboundCall({ phoneNumber: button.dataset.call })))
}
find('accept').addEventListener('click', () => try_(window.tccc.Call.accept({ sessionId })))
find('hangup').addEventListener('click', () => try_(window.tccc.Call.end({ sessionId })))

/** Every promise of the SDK ends within ten seconds, well or with a code. */
async function try_(promise) {
  complain('')
  await promise.catch((e) => complain(`${e.code}: ${e.errorMsg}`))
}

function show(e, text, ringing) {
  sessionId = e.sessionId
  find('who').textContent = text
  find('about').textContent = [e.callerLocation, ...(e.ivrPath ?? []).map((k) => k.label)].filter(Boolean).join(' · ')
  find('accept').hidden = !ringing
  find('popup').show()
}

function hide(e) {
  if (e.sessionId === sessionId) find('popup').close()
}

function showStatus() {
  find('status').textContent = window.tccc.Agent.getStatus()
}

function complain(text) {
  find('trouble').textContent = text
}

/** The newest event is on top; a hundred are kept. */
function note(name, data) {
  const line = document.createElement('li')
  line.textContent = `${new Date().toLocaleTimeString()} ${name} ${JSON.stringify(data ?? {})}`
  find('log').prepend(line)
  find('log').children[100]?.remove()
}
