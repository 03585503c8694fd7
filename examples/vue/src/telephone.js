// The telephone as one piece of reactive state: sign in once, use it in every component.
import { reactive, readonly } from 'vue'

const state = reactive({
  status: 'connecting', // or the agent's status
  call: null, // { sessionId, text, about, ringing }
  log: [], // the newest first
  trouble: '',
})

/** Fetches a fresh SdkURL from our own back end and loads the SDK from it. Its token is good once, for ten minutes. */
export async function signIn() {
  const answer = await fetch(`/sdk-url${location.search}`, { method: 'POST' })
  const { SdkURL, code, message } = await answer.json()
  if (!SdkURL) return void (state.trouble = `${code}: ${message}`)
  const script = document.createElement('script')
  script.crossOrigin = 'anonymous'
  script.src = SdkURL
  script.addEventListener('load', listen)
  script.addEventListener('error', () => (state.trouble = 'the SDK cannot be loaded'))
  document.body.append(script)
}

function listen() {
  const { tccc } = window
  const { on, events } = tccc
  for (const name of Object.values(events)) on(name, (e) => note(name, e.data))

  const showStatus = () => (state.status = tccc.Agent.getStatus())
  on(events.ready, showStatus)
  on(events.statusChanged, showStatus)
  on(events.tokenExpired, signIn)
  on(events.kickedOut, () => (state.trouble = 'You have signed in on another page.'))

  on(events.callIn, (e) => show(e, `${e.callerPhoneNumber ?? e.peerUserId} calls`, true))
  on(events.userAccessed, (e) => show(e, 'Talking', false))
  on(events.callOuted, (e) => show(e, `Calling ${e.calleePhoneNumber}`, false))
  on(events.calloutAccepted, (e) => show(e, 'Talking', false))
  on(events.autoTransfer, hide) // it rings at somebody else now
  on(events.sessionEnded, hide)
}

function show(e, text, ringing) {
  const about = [e.callerLocation, ...(e.ivrPath ?? []).map((k) => k.label)].filter(Boolean).join(' · ')
  state.call = { sessionId: e.sessionId, text, about, ringing }
}

function hide(e) {
  if (state.call?.sessionId === e.sessionId) state.call = null
}

function note(name, data) {
  state.log.unshift({ at: new Date().toLocaleTimeString(), name, data: JSON.stringify(data ?? {}) })
  state.log.splice(100)
}

/** Every promise of the SDK ends within ten seconds, well or with a code. */
async function attempt(promise) {
  state.trouble = ''
  await promise.catch((e) => (state.trouble = `${e.code}: ${e.errorMsg}`))
}

export function useTelephone() {
  const session = () => ({ sessionId: state.call.sessionId })
  return {
    state: readonly(state),
    dial: (phoneNumber) => attempt(window.tccc.Call.startOutboundCall({ phoneNumber })),
    accept: () => attempt(window.tccc.Call.accept(session())),
    hangUp: () => attempt(window.tccc.Call.end(session())),
  }
}
