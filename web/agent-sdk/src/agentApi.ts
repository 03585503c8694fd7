import type { AgentState } from './agent'
import type { Connection } from './connection'
import { asError, settle, success } from './errors'
import type { AgentApi, SeatSettings } from './types'

/** The public face of the agent's status and seat. */
export function agentApi(connection: Connection, agent: AgentState): AgentApi {
  const tell = (method: string) => {
    connection.request(method).catch((e: unknown) => console.warn(`tccc: ${method} failed`, asError(e).message))
  }
  return {
    online: () => {
      connection.presence(true)
      tell('agent.online')
    },
    offline: () => {
      connection.presence(false)
      tell('agent.offline')
    },
    setStatus: (options) =>
      settle(
        connection
          .request('agent.setStatus', { status: String(options.status), restReason: String(options.restReason ?? '') })
          .then(() => success({})),
      ),
    getStatus: () => agent.status,
    settings: (change) => settle(connection.request<SeatSettings>('agent.settings', change ?? {}).then(success)),
  }
}
