// The telephone as a store outside the components: sign in once, read it by useTelephone in every component.
import { useSyncExternalStore } from 'react'

let state = {
  status: 'connecting', // or the agent's status
  call: null, // { sessionId, text, about, ringing }
  log: [], // the newest first
  trouble: '',
}
const readers = new Set()

function set(change) {
  state = { ...state, ...change }
  for (const reader of readers) reader()
}

function subscribe(reader) {
  readers.add(reader)
  return () => readers.delete(reader)
}

/** The state as it is; the component is drawn again when it changes. */
export const useTelephone = () => useSyncExternalStore(subscribe, () => state)

let signingIn // effects run twice in React's strict mode; an SdkURL is good once

/** Fetches a fresh SdkURL from our own back end and loads the SDK from it. Its token is good once, for ten minutes. */
export function signIn() {
  signingIn ??= load().finally(() => (signingIn = undefined))
  return signingIn
}

async function load() {
  const answer = await fetch(`/sdk-url${location.search}`, { method: 'POST' })
  const { SdkURL, code, message } = await answer.json()
  if (!SdkURL) return set({ trouble: `${code}: ${message}` })
  const script = document.createElement('script')
  script.crossOrigin = 'anonymous'
  script.src = SdkURL
  script.addEventListener('load', listen)
  script.addEventListener('error', () => set({ trouble: 'the SDK cannot be loaded' }))
  document.body.append(script)
}

function listen() {
  const { tccc } = window
  const { on, events } = tccc
  for (const name of Object.values(events)) on(name, (e) => note(name, e.data))

  const showStatus = () => set({ status: tccc.Agent.getStatus() })
  on(events.ready, showStatus)
  on(events.statusChanged, showStatus)
  on(events.tokenExpired, signIn)
  on(events.kickedOut, () => set({ trouble: 'You have signed in on another page.' }))

  on(events.callIn, (e) => show(e, `${e.callerPhoneNumber ?? e.peerUserId} calls`, true))
  on(events.userAccessed, (e) => show(e, 'Talking', false))
  on(events.callOuted, (e) => show(e, `Calling ${e.calleePhoneNumber}`, false))
  on(events.calloutAccepted, (e) => show(e, 'Talking', false))
  on(events.autoTransfer, hide) // it rings at somebody else now
  on(events.sessionEnded, hide)
}

function show(e, text, ringing) {
  const about = [e.callerLocation, ...(e.ivrPath ?? []).map((k) => k.label)].filter(Boolean).join(' · ')
  set({ call: { sessionId: e.sessionId, text, about, ringing } })
}

function hide(e) {
  if (state.call?.sessionId === e.sessionId) set({ call: null })
}

let noted = 0

function note(name, data) {
  const line = { key: ++noted, at: new Date().toLocaleTimeString(), name, data: JSON.stringify(data ?? {}) }
  set({ log: [line, ...state.log].slice(0, 100) })
}

/** Every promise of the SDK ends within ten seconds, well or with a code. */
async function attempt(promise) {
  set({ trouble: '' })
  await promise.catch((e) => set({ trouble: `${e.code}: ${e.errorMsg}` }))
}

const session = () => ({ sessionId: state.call.sessionId })
export const dial = (phoneNumber) => attempt(window.tccc.Call.startOutboundCall({ phoneNumber }))
export const accept = () => attempt(window.tccc.Call.accept(session()))
export const hangUp = () => attempt(window.tccc.Call.end(session()))
