// Put into every page before its own scripts: notes what happens to it, for the tests to read.
//
//	told     every event of window.tccc: {event, data, at}
//	sounds   what the loudspeaker has played: {heard, from, to}; heard is who sings ("570+1282"), "?" added for other sounds
//	rung     how many tones WebAudio has played: the ringtone
//	notified the system notifications that were shown
//	links    the WebRTC connections that were made
//	players  the audio elements that got a stream
//	unplug   pulls out a microphone by its deviceId, plugIn puts it back
//
// pitches are those of hearing_test.go.
;(() => {
  const pitches = [570, 854, 1282, 1614, 2034, 718, 2154, 1522]
  Object.assign(window, { told: [], sounds: [], rung: 0, notified: [], links: [], players: [] })

  // The SDK hangs itself into the window: from then on its events are noted.
  let tccc
  Object.defineProperty(window, 'tccc', {
    configurable: true,
    get: () => tccc,
    set(value) {
      tccc = value
      for (const event of Object.values(value.events)) value.on(event, (data) => window.told.push({ event, data, at: Date.now() }))
    },
  })

  // The microphone of the tests hums one tone for ever, which is just what noise suppression takes away.
  const devices = navigator.mediaDevices
  if (devices) {
    const open = devices.getUserMedia.bind(devices)
    const raw = { echoCancellation: false, noiseSuppression: false, autoGainControl: false }
    const tracks = []
    const gone = new Set()
    devices.getUserMedia = async ({ audio, ...rest }) => {
      const wanted = audio?.deviceId?.exact ?? audio?.deviceId
      if (gone.has(wanted)) throw new DOMException('it is not plugged in', 'OverconstrainedError')
      const stream = await open({ ...rest, audio: audio && { ...(audio === true ? {} : audio), ...raw } })
      tracks.push(...stream.getTracks())
      return stream
    }

    // Fake devices cannot be pulled out: what a browser does then is done here.
    const list = devices.enumerateDevices.bind(devices)
    devices.enumerateDevices = async () => (await list()).filter((d) => !gone.has(d.deviceId))
    window.unplug = (id) => {
      gone.add(id)
      for (const track of tracks.filter((t) => t.readyState === 'live' && t.getSettings().deviceId === id)) {
        track.stop()
        track.dispatchEvent(new Event('ended'))
      }
      devices.dispatchEvent(new Event('devicechange'))
    }
    window.plugIn = (id) => {
      gone.delete(id)
      devices.dispatchEvent(new Event('devicechange'))
    }
  }

  // Connections of sound are kept to be looked at; ?rtc=8443:9000 takes them another way to the server.
  const [port, detour] = new URLSearchParams(location.search).get('rtc')?.split(':') ?? []
  const Connection = window.RTCPeerConnection
  if (Connection) {
    window.RTCPeerConnection = class extends Connection {
      constructor(...args) {
        super(...args)
        window.links.push(this)
      }

      setRemoteDescription({ type, sdp }) {
        return super.setRemoteDescription({ type, sdp: port ? sdp.replaceAll(` 127.0.0.1 ${port} `, ` 127.0.0.1 ${detour} `) : sdp })
      }
    }
  }

  const start = OscillatorNode.prototype.start
  OscillatorNode.prototype.start = function (...args) {
    window.rung++
    return start.apply(this, args)
  }

  const Shown = window.Notification
  if (Shown) {
    window.Notification = class extends Shown {
      constructor(title, options) {
        super(title, options)
        window.notified.push(this)
      }
    }
  }

  // What audio elements play is listened to: an element must play a remote stream, or WebAudio hears silence.
  let audio
  const source = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject')
  Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', {
    ...source,
    set(stream) {
      source.set.call(this, stream)
      if (!stream) return
      window.players.push(this)
      listen(this, stream)
    },
  })

  function listen(element, stream) {
    audio ??= new AudioContext()
    const ear = new AnalyserNode(audio, { fftSize: 8192, smoothingTimeConstant: 0 })
    audio.createMediaStreamSource(stream).connect(ear)
    const bins = new Float32Array(ear.frequencyBinCount)
    const timer = setInterval(() => {
      if (element.srcObject !== stream) return clearInterval(timer)
      const silent = element.paused || element.muted || element.volume === 0
      note(silent ? '' : chord(ear, bins))
    }, 25)
  }

  /** Who sings: the peaks of the spectrum, as pitches. */
  function chord(ear, bins) {
    ear.getFloatFrequencyData(bins)
    const width = audio.sampleRate / ear.fftSize
    const top = Math.min(bins.length - 1, Math.round(3600 / width))
    let loudest = -Infinity
    for (let i = 10; i < top; i++) loudest = Math.max(loudest, bins[i])
    const heard = new Set()
    for (let i = 10; i < top; i++) {
      const [a, b, c] = [bins[i - 1], bins[i], bins[i + 1]]
      if (b < -60 || b < loudest - 25 || b < a || b <= c) continue
      const hz = (i + (a - c) / (2 * (a - 2 * b + c))) * width
      heard.add(pitches.find((p) => Math.abs(p - hz) < 6) ?? '?')
    }
    return [...heard].sort((a, b) => (a === '?' ? -1 : b === '?' ? 1 : a - b)).join('+')
  }

  function note(heard) {
    const now = Date.now()
    const last = window.sounds.at(-1)
    if (last && last.heard === heard && now - last.to < 500) last.to = now
    else window.sounds.push({ heard, from: last?.heard === heard ? now : (last?.to ?? now), to: now })
    if (window.sounds.length > 2000) window.sounds.splice(0, 1000)
  }
})()
