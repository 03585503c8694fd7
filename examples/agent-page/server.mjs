// A company's web application with a telephone in it: its back end asks OpenSeat for a login, and its page, which has a strict
// Content-Security-Policy, does the rest. PORT is where (9100); for the other settings see ../back-end.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { login, openseat } from 'openseat-example-back-end'

const port = Number(process.env.PORT ?? 9100)
const headers = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': [
    "default-src 'none'",
    `script-src 'self' ${openseat.origin}`, // agent.js
    `connect-src 'self' ${openseat.origin.replace('http', 'ws')}`, // its WebSocket
    'worker-src blob:', // a clock that browsers do not slow down in background tabs
    "style-src 'self'",
    "img-src 'self' data:",
  ].join('; '),
  'Permissions-Policy': 'microphone=(self)',
}
const files = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript'],
  '/page.css': ['page.css', 'text/css'],
}

function serve(request, response) {
  const { pathname } = new URL(request.url, 'http://page')
  if (pathname === '/sdk-url') return login(request, response)
  const [file, type] = files[pathname] ?? []
  if (!file) return response.writeHead(404, headers).end()
  response.writeHead(200, { ...headers, 'Content-Type': type }).end(readFileSync(new URL(file, import.meta.url)))
}

const server = createServer(serve)
server.listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`))
