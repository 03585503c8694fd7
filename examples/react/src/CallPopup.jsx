import { accept, hangUp, useTelephone } from './telephone'

export default function CallPopup() {
  const { call } = useTelephone()
  if (!call) return null
  return (
    <div id="popup" className="popup" role="dialog" aria-labelledby="who">
      <h2 id="who">{call.text}</h2>
      {call.about && <p id="about">{call.about}</p>}
      {call.ringing && <button id="accept" onClick={accept}>Answer</button>}
      <button id="hangup" onClick={hangUp}>Hang up</button>
    </div>
  )
}
