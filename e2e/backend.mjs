// The company's own web application, on the official SDK: what a customer of the original would have. It prints its address.
//
//	GET  /?user=…          the agent's page
//	POST /sdk-url?user=…   a fresh SdkURL for that page
//	POST /api/<Action>     that action of the cloud API, by the official SDK
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import sdk from 'tencentcloud-sdk-nodejs'

const { endpoint, secretId, secretKey, sdkAppId } = JSON.parse(process.argv[2])
const page = await readFile(fileURLToPath(new URL('agent.html', import.meta.url)))
const client = new sdk.ccc.v20200210.Client({
  credential: { secretId, secretKey },
  region: 'ap-guangzhou',
  profile: { httpProfile: { endpoint: new URL(endpoint).host, protocol: 'http://' } },
})

function answer(res, status, type, body) {
  res.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(body)
}

async function read(req) {
  let body = ''
  for await (const chunk of req) body += chunk
  return body === '' ? {} : JSON.parse(body)
}

async function serve(req, res) {
  const url = new URL(req.url, 'http://backend')
  if (req.method === 'GET' && url.pathname === '/') {
    answer(res, 200, 'text/html; charset=utf-8', page)
  } else if (url.pathname === '/sdk-url') {
    const token = await client.CreateSDKLoginToken({ SdkAppId: sdkAppId, SeatUserId: url.searchParams.get('user') })
    answer(res, 200, 'application/json', JSON.stringify(token))
  } else if (url.pathname.startsWith('/api/')) {
    const value = await client[url.pathname.slice('/api/'.length)](await read(req))
    answer(res, 200, 'application/json', JSON.stringify(value))
  } else {
    answer(res, 404, 'text/plain', 'there is no such page')
  }
}

const server = createServer((req, res) => {
  serve(req, res).catch((e) => answer(res, 502, 'application/json', JSON.stringify({ code: e.code, message: e.message })))
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`))
process.stdin.on('end', () => process.exit(0)).resume() // ends with who started it
