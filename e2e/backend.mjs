// The company's own web application, on the official SDK: what a customer of the original would have. It prints its address.
//
//	GET  /?user=…              the agent's page
//	GET  /seed/agent.html      a page written as the TCCC manual writes one, and GET /loginTCCC?user=… as its back end has it
//	GET  /pages/<name>         another page of the tests
//	GET  /packages/<file>      a file of a package of the tests
//	POST /sdk-url?user=…       a fresh SdkURL for that page
//	POST /api/<Action>         that action of the cloud API, by the official SDK
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import sdk from 'tencentcloud-sdk-nodejs'

const { endpoint, secretId, secretKey, sdkAppId } = JSON.parse(process.argv[2])
const client = new sdk.ccc.v20200210.Client({
  credential: { secretId, secretKey },
  region: 'ap-guangzhou',
  profile: { httpProfile: { endpoint: new URL(endpoint).host, protocol: 'http://' } },
})
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.jsx': 'text/javascript', '.css': 'text/css' }
const here = (path) => fileURLToPath(new URL(path, import.meta.url))

function answer(res, status, type, body, headers) {
  res.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store', ...headers }).end(body)
}

async function read(req) {
  let body = ''
  for await (const chunk of req) body += chunk
  return body === '' ? {} : JSON.parse(body)
}

/** A file of ours; JSX is made JavaScript with the packages of the examples. */
async function file(path) {
  if (extname(path) !== '.jsx') return readFile(path)
  const esbuild = createRequire(here('../examples/vue/package.json'))('esbuild')
  const made = await esbuild.build({
    entryPoints: [path], bundle: true, write: false, format: 'esm', jsxFactory: 'createElement', nodePaths: [here('../examples/node_modules')],
    alias: { vue: 'vue/dist/vue.esm-bundler.js' },
    define: { 'process.env.NODE_ENV': '"production"', __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
  })
  return made.outputFiles[0].text
}

/** What a page may load and do, when it is strict: what docs/guides/embed-the-agent-sdk.md says it must allow. */
function policy(url) {
  if (!url.searchParams.has('strict')) return {}
  const { origin } = new URL(endpoint)
  return {
    'Content-Security-Policy': [
      "default-src 'none'", `script-src 'self' ${origin}`, `connect-src 'self' ${origin.replace('http', 'ws')}`, 'worker-src blob:', "style-src 'self'", "img-src data:",
    ].join('; '),
    'Permissions-Policy': 'microphone=(self)',
  }
}

async function serve(req, res) {
  const url = new URL(req.url, 'http://backend')
  const login = () => client.CreateSDKLoginToken({ SdkAppId: sdkAppId, SeatUserId: url.searchParams.get('user') })
  const [, folder, name = ''] = /^\/(seed|pages|packages)\/([\w./@-]+)$/.exec(url.pathname) ?? []
  if (req.method === 'GET' && url.pathname === '/') {
    answer(res, 200, types['.html'], await file(here('agent.html')))
  } else if (folder && !name.includes('..')) {
    const path = here(folder === 'packages' ? `node_modules/${name}` : `${folder}/${name}`)
    answer(res, 200, types[extname(name)], await file(path), policy(url))
  } else if (url.pathname === '/sdk-url' || url.pathname === '/loginTCCC') {
    const { SdkURL } = await login()
    answer(res, 200, 'application/json', JSON.stringify({ SdkURL }))
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
