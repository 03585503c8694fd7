import { useEffect } from 'react'
import CallButton from './CallButton'
import CallPopup from './CallPopup'
import { signIn, useTelephone } from './telephone'

const customers = [
  { name: 'Ms Chen', number: '008613800000001' },
  { name: 'Mr Wang', number: '008613800000002' },
  { name: 'Ms Zhao', number: '008613800000000' },
]

export default function App() {
  const { status, trouble, log } = useTelephone()
  useEffect(() => void signIn(), [])
  return (
    <>
      <h1>Customers · React</h1>
      <p>Telephone: <output id="status">{status}</output></p>
      <ul>
        {customers.map((c) => (
          <li key={c.number}>{c.name} <CallButton number={c.number} /></li>
        ))}
      </ul>
      <p id="trouble" role="alert">{trouble}</p>
      <CallPopup />
      <h2>Events</h2>
      <ol id="log">
        {log.map((e) => <li key={e.key}>{e.at} {e.name} {e.data}</li>)}
      </ol>
    </>
  )
}
