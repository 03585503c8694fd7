// One-click calls in Vue's options API and as a React component, the way the TCCC manual writes them.
import { createElement, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { createApp } from 'vue'

createApp({
  template: '<button id="vue-call" @click="dial">{{ sessionId || failed || "Vue" }}</button>',
  data: () => ({ phoneNumber: '13900000001', sessionId: '', failed: '' }),
  methods: {
    dial() {
      window.tccc.Call.startOutboundCall({ phoneNumber: this.phoneNumber })
        .then((res) => {
          this.sessionId = res.data.sessionId
        })
        .catch((err) => {
          this.failed = err.errorMsg
        })
    },
  },
}).mount('#vue')

function CallButton() {
  const [phoneNumber] = useState('13900000001')
  const [said, setSaid] = useState('React')
  function dial() {
    window.tccc.Call.startOutboundCall({ phoneNumber })
      .then((res) => setSaid(res.data.sessionId))
      .catch((err) => setSaid(err.errorMsg))
  }
  return <button id="react-call" onClick={dial}>{said}</button>
}

createRoot(document.getElementById('react')).render(createElement(CallButton))
