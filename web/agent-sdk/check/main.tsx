import { render } from 'preact'
import { App } from './app'

const root = document.getElementById('check')
if (root) render(<App />, root)
