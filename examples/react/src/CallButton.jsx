import { dial, useTelephone } from './telephone'

export default function CallButton({ number }) {
  const { call } = useTelephone()
  return (
    <button data-call={number} disabled={call !== null} onClick={() => dial(number)}>Call {number}</button>
  )
}
