import { ref, shallowRef } from 'vue'
import { sdkURL } from './server'

/** The part of window.tccc that this page uses; the SDK documents the whole. */
interface Tccc {
  events: Record<string, string>
  on: (event: string, listener: (e: Record<string, unknown>) => void) => void
  Call: Record<'accept' | 'hungUp' | 'muteMic' | 'unmuteMic' | 'hold' | 'unHold', (o: { sessionId: string }) => Promise<unknown>> & {
    startOutboundCall: (o: { phoneNumber: string }) => Promise<unknown>
  }
  Agent: { setStatus: (o: { status: string }) => Promise<unknown>; getStatus: () => string }
}

declare global {
  interface Window {
    tccc?: Tccc
  }
}

/** How far the SDK has come. */
export type AgentState = 'loading' | 'ready' | 'expired' | 'kicked' | 'failed'

/** One event of the SDK, as it came. */
export interface Heard {
  at: number
  name: string
  data: Record<string, unknown>
}

/** The agent's present call. */
export interface AgentCall {
  sessionId: string
  number: string
  state: 'ringing' | 'calling' | 'talking'
  path: { key: string; label: string }[]
  muted: boolean
  held: boolean
}

/** Told every second of a talk: more than a list of events can show. */
const TOO_MANY = 'networkQuality'
const KEEP = 40
/** The element in which the SDK shows its workbench. */
export const WORKBENCH = 'workbench'

/** An agent's page: what a company writes around the SDK. */
export function useAgent() {
  const state = ref<AgentState>('loading')
  const trouble = ref('')
  const status = ref('offline')
  const call = shallowRef<AgentCall | undefined>()
  const heard = shallowRef<Heard[]>([])
  const said = ref('')

  async function signIn(userId: string) {
    state.value = 'loading'
    trouble.value = ''
    call.value = undefined
    try {
      inject(await sdkURL(userId))
    } catch (e) {
      fail(e)
    }
  }

  function fail(e: unknown) {
    state.value = 'failed'
    trouble.value = e instanceof Error ? e.message : String(e)
  }

  function inject(url: string) {
    document.getElementById('tccc-sdk')?.remove()
    const script = document.createElement('script')
    script.id = 'tccc-sdk'
    script.crossOrigin = 'anonymous'
    script.dataset.renderDomId = WORKBENCH
    script.src = url
    script.onload = listen
    script.onerror = () => fail(url)
    document.body.append(script)
  }

  function listen() {
    const tccc = window.tccc
    if (!tccc) return
    for (const name of Object.values(tccc.events)) {
      if (name !== TOO_MANY) tccc.on(name, (data) => hear(tccc, name, data))
    }
  }

  function hear(tccc: Tccc, name: string, data: Record<string, unknown>) {
    heard.value = [{ at: Date.now(), name, data }, ...heard.value].slice(0, KEEP)
    const id = data.sessionId as string
    switch (name) {
      case 'ready':
        state.value = 'ready'
        status.value = tccc.Agent.getStatus()
        break
      case 'tokenExpired':
        state.value = 'expired'
        break
      case 'kickedOut':
        state.value = 'kicked'
        status.value = 'offline'
        call.value = undefined
        break
      case 'statusChanged':
        status.value = data.status as string
        break
      case 'callIn':
        call.value = { sessionId: id, number: (data.peerUserId ?? data.callerPhoneNumber) as string, state: 'ringing', path: (data.ivrPath ?? []) as AgentCall['path'], muted: false, held: false }
        break
      case 'callOuted':
        call.value = { sessionId: id, number: (data.peerUserId ?? data.calleePhoneNumber) as string, state: 'calling', path: [], muted: false, held: false }
        break
      case 'userAccessed':
      case 'calloutAccepted':
        if (call.value?.sessionId === id) call.value = { ...call.value, state: 'talking' }
        break
      case 'callChanged':
        if (call.value?.sessionId === id) call.value = { ...call.value, muted: data.muted === true, held: data.held === true }
        break
      case 'sessionEnded':
      case 'autoTransfer':
        if (call.value?.sessionId === id) call.value = undefined
        break
    }
  }

  async function ask(what: () => Promise<unknown> | undefined) {
    said.value = ''
    try {
      await what()
    } catch (e) {
      said.value = (e as { errorMsg?: string }).errorMsg ?? String(e)
    }
  }

  type Verb = 'accept' | 'hungUp' | 'muteMic' | 'unmuteMic' | 'hold' | 'unHold'
  return {
    state, trouble, status, call, heard, said, signIn,
    act: (verb: Verb) => ask(() => (call.value ? window.tccc?.Call[verb]({ sessionId: call.value.sessionId }) : undefined)),
    dial: (phoneNumber: string) => ask(() => window.tccc?.Call.startOutboundCall({ phoneNumber })),
    setStatus: (s: string) => ask(() => window.tccc?.Agent.setStatus({ status: s })),
  }
}
