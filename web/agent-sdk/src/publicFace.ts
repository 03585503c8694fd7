import type { AgentState } from './agent'
import { agentApi } from './agentApi'
import type { Buttons } from './buttons'
import type { Connection } from './connection'
import { devicesApi } from './devices'
import { eventNames } from './emitter'
import type { Emitter } from './emitter'
import { adminApi, checkLink } from './files'
import type { Microphone } from './microphone'
import type { Phone } from './phone'
import type { Prefs } from './prefs'
import type { Speaker } from './speaker'
import type { Teamwork } from './teamwork'
import type { DevicesApi, Tccc, UiApi, UserCustomSettings } from './types'
import type { Sound } from './ui/office'

/** What window.tccc is made of. */
export interface Parts {
  emitter: Emitter
  connection: Connection
  agent: AgentState
  phone: Phone
  team: Teamwork
  buttons: Buttons
  microphone: Microphone
  speaker: Speaker
  prefs: Prefs
  ui: Omit<UiApi, 'updateUserCustomSettings'>
  /** The agent's settings of this browser have changed. */
  settled: () => void
}

/** Puts window.tccc together. */
export function publicFace({ emitter, connection, agent, phone, team, buttons, microphone, speaker, prefs, ui, settled }: Parts): Tccc {
  return {
    events: eventNames,
    on: (event: string, listener: never) => emitter.on(event, listener),
    off: (event: string, listener: never) => emitter.off(event, listener),
    Call: { ...phone.api, ...team.api },
    Agent: agentApi(connection, agent),
    Devices: devicesApi({ microphone, speaker, prefs, checkLink: () => checkLink(connection) }),
    UI: {
      ...ui,
      updateUserCustomSettings: (settings: UserCustomSettings | undefined) => {
        const { disableRingtone, disableNotification } = settings ?? {}
        if (disableRingtone !== undefined) prefs.set({ disableRingtone })
        if (disableNotification !== undefined) prefs.set({ disableNotification })
        settled()
      },
    },
    Admin: adminApi(connection),
    callOut: (options) => phone.api.startOutboundCall(options),
    overrideButtonConfig: (change) => buttons.override(change),
  }
}

/** Microphones and speakers, as the workbench shows them. */
export function soundOf(devices: DevicesApi, meter: Sound['meter']): Sound {
  return {
    get microphoneId() {
      return devices.getMicrophone()
    },
    get speakerId() {
      return devices.getSpeaker()
    },
    microphones: () => devices.getMicrophones(),
    speakers: () => devices.getSpeakers(),
    chooseMicrophone: (id) => devices.setMicrophone(id),
    chooseSpeaker: (id) => devices.setSpeaker(id),
    meter,
  }
}
