// The agent's page: signs in, shows the call, and dials at a click.
const find = (id) => document.getElementById(id)
let sessionId // of the present call

await signIn()

/** Fetches a fresh SdkURL from our own back end and loads the SDK from it. Its token is good once, for ten minutes. */
async function signIn() {
  const answer = await fetch(`/sdk-url${location.search}`, { method: 'POST' })
  if (!answer.ok) return complain(await answer.text())
  const { SdkURL } = await answer.json()
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
  on(events.ready, () => showStatus())
  on(events.statusChanged, () => showStatus())
  on(events.tokenExpired, signIn)
  on(events.kickedOut, () => complain('You have signed in on another page.'))

  on(events.callIn, (e) => show(e.sessionId, `${e.callerPhoneNumber} calls`, true))
  on(events.userAccessed, (e) => show(e.sessionId, 'Talking', false))
  on(events.callOuted, (e) => show(e.sessionId, `Calling ${e.calleePhoneNumber}`, false))
  on(events.calloutAccepted, (e) => show(e.sessionId, 'Talking', false))
  on(events.autoTransfer, hide) // it rings at somebody else now
  on(events.sessionEnded, hide)
}

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

function show(id, text, ringing) {
  sessionId = id
  find('who').textContent = text
  find('accept').hidden = !ringing
  find('call').hidden = false
}

function hide(e) {
  if (e.sessionId === sessionId) find('call').hidden = true
}

function showStatus() {
  find('status').textContent = window.tccc.Agent.getStatus()
}

function complain(text) {
  find('trouble').textContent = text
}
