import { ref } from 'vue'

/** What the customer's telephone is doing. */
export type PhoneState = 'connecting' | 'idle' | 'calling' | 'ringing' | 'incoming' | 'talking' | 'ended' | 'lost'

/** Why there is no microphone. */
export type MicTrouble = '' | 'none' | 'denied' | 'insecure'

interface Message {
  type: string
  sdp?: string
  number?: string
  state?: string
  from?: string
  to?: string
  sip?: number
  reason?: string
  message?: string
}

const RETRY_MS = 2000

/** The customer's telephone: this browser's microphone and loudspeaker on the simulated carrier's line. */
export function usePhone() {
  const state = ref<PhoneState>('connecting')
  const number = ref('')
  const peer = ref('')
  const reason = ref('')
  const mic = ref<MicTrouble>('')
  const audio = new Audio()
  audio.autoplay = true
  let socket: WebSocket | undefined
  let pc: RTCPeerConnection | undefined

  const say = (m: object) => socket?.send(JSON.stringify(m))

  async function connect() {
    socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/demo/phone/`)
    socket.onmessage = (e: MessageEvent<string>) => void hear(JSON.parse(e.data) as Message)
    socket.onclose = () => {
      state.value = 'lost'
      pc?.close()
      setTimeout(() => void connect(), RETRY_MS)
    }
    await Promise.resolve()
  }

  async function hear(m: Message) {
    if (m.type === 'hello') {
      number.value = m.number ?? ''
      await offer()
      state.value = 'idle'
    } else if (m.type === 'answer' && m.sdp) {
      await pc?.setRemoteDescription({ type: 'answer', sdp: m.sdp })
    } else if (m.type === 'state') {
      peer.value = (m.state === 'incoming' ? m.from : m.to) ?? peer.value
      reason.value = m.state === 'ended' && m.sip !== undefined && m.sip >= 300 ? `${m.sip} ${m.reason ?? ''}` : ''
      state.value = m.state as PhoneState
    } else if (m.type === 'error') {
      reason.value = m.message ?? ''
    }
  }

  /** Offers this browser's sound to the carrier; without a microphone the line is only listened to. */
  async function offer() {
    pc?.close()
    pc = new RTCPeerConnection()
    pc.ontrack = (e) => (audio.srcObject = e.streams[0] ?? new MediaStream([e.track]))
    const stream = await microphone()
    const track = stream?.getAudioTracks()[0]
    if (stream && track) pc.addTrack(track, stream)
    else pc.addTransceiver('audio', { direction: 'recvonly' })
    await pc.setLocalDescription(await pc.createOffer())
    await gathered(pc)
    say({ type: 'offer', sdp: pc.localDescription?.sdp })
  }

  async function microphone(): Promise<MediaStream | undefined> {
    if (!window.isSecureContext || !('mediaDevices' in navigator)) {
      mic.value = 'insecure'
      return undefined
    }
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } })
      mic.value = ''
      return stream
    } catch (e) {
      mic.value = (e as DOMException).name === 'NotAllowedError' ? 'denied' : 'none'
      return undefined
    }
  }

  void connect()
  return {
    state, number, peer, reason, mic,
    call: (to: string) => say({ type: 'call', to }),
    press: (keys: string) => say({ type: 'keys', keys }),
    accept: () => say({ type: 'accept' }),
    hangUp: () => say({ type: 'hangUp' }),
  }
}

const GATHER_MS = 1000

/** Waits for the candidates, but not for ever: on a machine without network there may be few. */
function gathered(pc: RTCPeerConnection): Promise<void> {
  return new Promise((done) => {
    if (pc.iceGatheringState === 'complete') done()
    pc.onicegatheringstatechange = () => pc.iceGatheringState === 'complete' && done()
    setTimeout(done, GATHER_MS)
  })
}
