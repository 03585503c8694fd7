import type { AdminApi } from './admin'
import type { AgentApi } from './agent'
import type { CallApi } from './call'
import type { DevicesApi } from './devices'
import type { EventName, Listener, Payload } from './events'
import type { ButtonConfig, UiApi } from './ui'

/** The agent SDK, as `window.tccc`. */
export interface Tccc {
  /** The names of the events: `tccc.on(tccc.events.callIn, …)`, or the equal string. */
  readonly events: { readonly [N in EventName]: N }
  /** Listens to an event. The same function is called once though it is given twice. */
  on<N extends EventName>(event: N, listener: (payload: Payload<N>) => void): void
  /** An event that this SDK does not know, but the server may. */
  on(event: string, listener: Listener): void
  /** Ends listening. */
  off<N extends EventName>(event: N, listener: (payload: Payload<N>) => void): void
  off(event: string, listener: Listener): void
  readonly Call: CallApi
  readonly Agent: AgentApi
  readonly Devices: DevicesApi
  readonly UI: UiApi
  readonly Admin: AdminApi
  /** The oldest name of `Call.startOutboundCall`. */
  readonly callOut: CallApi['startOutboundCall']
  /** Changes the buttons of a talk: given all there are, the function answers with those to show. */
  overrideButtonConfig(change: (config: ButtonConfig) => ButtonConfig): void
}
