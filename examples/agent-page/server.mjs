// A company's web application with a telephone in it: it asks OpenSeat for a login, and its page does the rest.
//
//	node server.mjs
//
// Environment: OPENSEAT_URL (http://127.0.0.1:8080); SDK_APP_ID, SECRET_ID and SECRET_KEY, or KEYS, a file that has them (a
// demo.json, or what "openseat instance create" has printed); PORT (9100).
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import sdk from 'tencentcloud-sdk-nodejs'

const keys = process.env.KEYS ? JSON.parse(readFileSync(process.env.KEYS)) : {}
const openseat = new URL(process.env.OPENSEAT_URL ?? keys.http ?? 'http://127.0.0.1:8080')
const sdkAppId = Number(process.env.SDK_APP_ID ?? keys.sdkAppId)
const port = Number(process.env.PORT ?? 9100)

// The key stays here. Pages only ever see SdkURLs.
const client = new sdk.ccc.v20200210.Client({
  credential: { secretId: process.env.SECRET_ID ?? keys.secretId, secretKey: process.env.SECRET_KEY ?? keys.secretKey },
  region: 'ap-guangzhou', // any will do
  profile: { httpProfile: { endpoint: openseat.host, protocol: `${openseat.protocol}//` } },
})

/** Who is signed in to this application. A real one looks at its session; this one believes the query. */
const userOf = (url) => url.searchParams.get('user') ?? 'alice@demo.openseat'

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

async function serve(request, response) {
  const url = new URL(request.url, 'http://page')
  if (request.method === 'POST' && url.pathname === '/sdk-url') {
    const { SdkURL } = await client.CreateSDKLoginToken({ SdkAppId: sdkAppId, SeatUserId: userOf(url) })
    response.writeHead(200, { ...headers, 'Content-Type': 'application/json' }).end(JSON.stringify({ SdkURL }))
    return
  }
  const [file, type] = files[url.pathname] ?? []
  if (!file) return void response.writeHead(404, headers).end()
  response.writeHead(200, { ...headers, 'Content-Type': type }).end(readFileSync(new URL(file, import.meta.url)))
}

createServer((request, response) => {
  serve(request, response).catch((e) => response.writeHead(502, headers).end(`${e.code}: ${e.message}`))
}).listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}/`))
