import type { EventMap, EventName, Listener } from './types'

export const eventNames: { readonly [N in EventName]: N } = {
  ready: 'ready',
  tokenExpired: 'tokenExpired',
  callIn: 'callIn',
  userAccessed: 'userAccessed',
  autoTransfer: 'autoTransfer',
  sessionEnded: 'sessionEnded',
  callOuted: 'callOuted',
  calloutAccepted: 'calloutAccepted',
  statusChanged: 'statusChanged',
  kickedOut: 'kickedOut',
  sessionCompleted: 'sessionCompleted',
  transfer: 'transfer',
  transferFailed: 'transferFailed',
  memberStateChanged: 'memberStateChanged',
  asr: 'asr',
  callChanged: 'callChanged',
  reconnecting: 'reconnecting',
  reconnected: 'reconnected',
  networkQuality: 'networkQuality',
  mediaOneWay: 'mediaOneWay',
  mediaRestored: 'mediaRestored',
  deviceChanged: 'deviceChanged',
  deviceError: 'deviceError',
  settingsChanged: 'settingsChanged',
}

/** The events that end initialisation: who listens too late is told once, so that they cannot be missed. */
const replayed: readonly string[] = [eventNames.ready, eventNames.tokenExpired]

/** Emitter brings events to the page's listeners. A listener that throws harms nobody else. */
export class Emitter {
  private readonly listeners = new Map<string, Set<Listener>>()
  private last: { name: string; data: object } | undefined

  on(name: string, listener: Listener): void {
    const all = this.listeners.get(name) ?? new Set()
    if (all.has(listener)) return
    this.listeners.set(name, all.add(listener))
    const missed = this.last
    if (missed?.name !== name) return
    queueMicrotask(() => {
      if (all.has(listener)) call(listener, name, missed.data)
    })
  }

  off(name: string, listener: Listener): void {
    this.listeners.get(name)?.delete(listener)
  }

  /** Emits a known event, or one that only the server knows. */
  emit<N extends EventName>(name: N, data: EventMap[N]): void
  emit(name: string, data: object): void
  emit(name: string, data: object): void {
    if (replayed.includes(name)) this.last = { name, data }
    for (const listener of [...(this.listeners.get(name) ?? [])]) call(listener, name, data)
  }

  clear(): void {
    this.listeners.clear()
  }
}

function call(listener: Listener, name: string, data: object): void {
  try {
    // Flat fields are the original shape, `data` a newer one; pages read either. A copy each: payloads must survive JSON.
    ;(listener as (payload: object) => void)({ ...data, data: { ...data } })
  } catch (e) {
    console.error(`tccc: a listener of ${name} failed`, e)
  }
}
