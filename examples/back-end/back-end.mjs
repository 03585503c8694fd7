// The company's back end, as far as a telephone needs one: a page asks for a login, and OpenSeat gives it.
//
// Environment: OPENSEAT_URL (http://127.0.0.1:8080); SDK_APP_ID, SECRET_ID and SECRET_KEY, or KEYS, a file that has them (a
// demo.json, or what "openseat instance create" has printed; by default the one that `make run` keeps).
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import sdk from 'tencentcloud-sdk-nodejs'

const { env } = process
const file = env.KEYS ?? fileURLToPath(new URL('../../data/demo.json', import.meta.url))
const keys = !env.SECRET_KEY && existsSync(file) ? JSON.parse(readFileSync(file)) : {}
const secretKey = env.SECRET_KEY ?? keys.secretKey
if (!secretKey) {
  console.error(`There are no keys: ${file} is missing. Start OpenSeat first (make run), or set KEYS.`)
  process.exit(1)
}

/** Where OpenSeat is. */
export const openseat = new URL(env.OPENSEAT_URL ?? keys.http ?? 'http://127.0.0.1:8080')

// The key stays here. Pages only ever see SdkURLs.
const client = new sdk.ccc.v20200210.Client({
  credential: { secretId: env.SECRET_ID ?? keys.secretId, secretKey },
  region: 'ap-guangzhou', // any will do
  profile: { httpProfile: { endpoint: openseat.host, protocol: `${openseat.protocol}//` } },
})

/** Who is signed in to this application. A real one looks at its session; this one believes the query. */
const userOf = (request) => new URL(request.url, 'http://page').searchParams.get('user') ?? 'alice@demo.openseat'

/** Answers a page that asks for its SdkURL: Node's own handler, or a middleware. */
export function login(request, response) {
  const answer = (status, body) =>
    response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }).end(JSON.stringify(body))
  if (request.method !== 'POST') return answer(405, { code: 'MethodNotAllowed' })
  client
    .CreateSDKLoginToken({ SdkAppId: Number(env.SDK_APP_ID ?? keys.sdkAppId), SeatUserId: userOf(request) })
    .then(({ SdkURL }) => answer(200, { SdkURL }))
    .catch((e) => answer(502, { code: e.code, message: e.message }))
}

/** The back end inside Vite's own server, so that one command starts all. */
export const vitePlugin = {
  name: 'back-end',
  configureServer: (server) => void server.middlewares.use('/sdk-url', login),
  configurePreviewServer: (server) => void server.middlewares.use('/sdk-url', login),
}
