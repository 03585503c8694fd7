// Takes OpenSeat's data push: writes each push down once, answers, and fetches the recordings. Node 20, no packages.
//
//	node receiver.mjs                       takes from anybody
//	AUTH=basic node receiver.mjs            wants USERNAME and PASSWORD
//	AUTH=oauth2 node receiver.mjs           wants a token from /token, given for CLIENT_ID and CLIENT_SECRET
//
// Environment: HOST (127.0.0.1), PORT (9000), FOLDER (./received).
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'

const { AUTH = 'none', USERNAME, PASSWORD, CLIENT_ID, CLIENT_SECRET, HOST = '127.0.0.1', PORT = '9000', FOLDER = 'received' } = process.env
const file = join(FOLDER, 'pushes.jsonl')
const maxBody = 1 << 20
const tokenSeconds = 3600

mkdirSync(FOLDER, { recursive: true })

// A push may come more than once (our answer was lost, a node was restarted): what has been written is known by its UUID.
const known = new Set(existsSync(file) ? lines(readFileSync(file, 'utf8')).map((p) => p.uuid) : [])
const tokens = new Map() // token -> the time it ends

function lines(text) {
  return text.split('\n').filter(Boolean).map((line) => JSON.parse(line))
}

/** Compares secrets without telling by the time it takes where they differ. */
function same(a, b) {
  const digest = (s) => createHash('sha256').update(String(s)).digest()
  return b !== undefined && timingSafeEqual(digest(a), digest(b))
}

function credentials(header = '') {
  const [kind, value = ''] = header.split(' ')
  if (kind !== 'Basic') return []
  const text = Buffer.from(value, 'base64').toString()
  return [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)]
}

function authorized(header = '') {
  if (AUTH === 'basic') {
    const [user, password] = credentials(header)
    return same(user, USERNAME) && same(password, PASSWORD)
  }
  if (AUTH === 'oauth2') return Date.now() < (tokens.get(header.replace(/^Bearer /, '')) ?? 0)
  return AUTH === 'none'
}

/** The token endpoint of RFC 6749, section 4.4. In a real company this is another server. */
function token(header, body) {
  const form = new URLSearchParams(body)
  const [id, secret] = header ? credentials(header) : [form.get('client_id'), form.get('client_secret')]
  if (form.get('grant_type') !== 'client_credentials') return [400, { error: 'unsupported_grant_type' }]
  if (!same(id, CLIENT_ID) || !same(secret, CLIENT_SECRET)) return [401, { error: 'invalid_client' }]
  const value = randomBytes(24).toString('base64url')
  tokens.set(value, Date.now() + tokenSeconds * 1000)
  console.log('gave out a token')
  return [200, { access_token: value, token_type: 'Bearer', expires_in: tokenSeconds }]
}

function take(action, uuid, body) {
  const push = JSON.parse(body)
  if (known.has(uuid)) {
    console.log(`${action} ${uuid} again`)
    return
  }
  // Written before it is answered: after ErrCode 0 OpenSeat forgets it.
  appendFileSync(file, JSON.stringify({ uuid, action, ...push }) + '\n', { flush: true })
  known.add(uuid)
  if (action === 'cdr') {
    console.log(`cdr ${push.SessionId}: ${push.Caller} -> ${push.Callee}, ${push.Duration} s, ${push.EndStatusString}`)
  } else {
    console.log(`${action} ${push.SessionId}: ${push.EndpointUser}`)
    fetchSound(push).catch((e) => console.error('the sound could not be fetched:', e.message))
  }
}

/** Fetches a recording or a voicemail: its link expires. */
async function fetchSound({ RecordURL, RecordId, SessionId }) {
  const answer = await fetch(RecordURL)
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`)
  writeFileSync(join(FOLDER, `${RecordId ?? SessionId + '-voicemail'}.mp3`), Buffer.from(await answer.arrayBuffer()))
}

async function read(request) {
  const chunks = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > maxBody) throw new Error('too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

async function serve(request) {
  const url = new URL(request.url, 'http://receiver')
  const header = request.headers.authorization
  if (request.method !== 'POST') return [405, { ErrCode: 1, ErrMsg: 'POST only' }]
  if (url.pathname === '/token') return token(header, await read(request))
  if (!authorized(header)) return [401, { ErrCode: 1, ErrMsg: 'who are you?' }]
  take(url.searchParams.get('action'), request.headers['x-tccc-push-uuid'], await read(request))
  return [200, { ErrCode: 0, ErrMsg: '' }]
}

createServer(async (request, response) => {
  // Whatever is answered here but 2xx with ErrCode 0 makes OpenSeat try again.
  const [status, answer] = await serve(request).catch((e) => [500, { ErrCode: 1, ErrMsg: e.message }])
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer))
}).listen(Number(PORT), HOST, () => console.log(`listening on http://${HOST}:${PORT}/push, auth ${AUTH}`))
