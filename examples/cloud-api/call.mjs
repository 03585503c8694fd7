// Calls one action of the cloud API with the official Tencent Cloud SDK, and prints the answer.
//
//	node call.mjs DescribeStaffInfoList '{"PageSize":10,"PageNumber":0}'
//	node call.mjs DescribeTrunks
//
// Environment: OPENSEAT_URL (http://127.0.0.1:8080), and either SDK_APP_ID, SECRET_ID and SECRET_KEY, or KEYS, a file that has
// them: a demo.json, or what "openseat instance create" has printed. A parameter "@path" is read from that JSON file:
//
//	node call.mjs PublishFlow '{"Name":"welcome","Definition":"@welcome.json"}'
import { readFileSync } from 'node:fs'
import sdk from 'tencentcloud-sdk-nodejs'
import common from 'tencentcloud-sdk-nodejs/tencentcloud/common/index.js'

const keys = process.env.KEYS ? JSON.parse(readFileSync(process.env.KEYS)) : {}
const server = new URL(process.env.OPENSEAT_URL ?? keys.http ?? 'http://127.0.0.1:8080')
const settings = {
  credential: { secretId: process.env.SECRET_ID ?? keys.secretId, secretKey: process.env.SECRET_KEY ?? keys.secretKey },
  region: 'ap-guangzhou', // any will do
  profile: { httpProfile: { endpoint: server.host, protocol: `${server.protocol}//` } },
}

// The actions of the official SDK are methods of its client; OpenSeat's own have a version of their own.
const official = new sdk.ccc.v20200210.Client(settings)
const own = new common.CommonClient('ccc', '2026-01-01', settings)

const [action, text = '{}'] = process.argv.slice(2)
const fromFile = (_, value) => (typeof value === 'string' && value.startsWith('@') ? JSON.parse(readFileSync(value.slice(1))) : value)
const request = { SdkAppId: Number(process.env.SDK_APP_ID ?? keys.sdkAppId), ...JSON.parse(text, fromFile) }

try {
  const answer = action in official ? await official[action](request) : await own.request(action, request)
  console.log(JSON.stringify(answer, null, 2))
} catch (e) {
  console.error(`${e.code}: ${e.message} (RequestId ${e.requestId})`)
  process.exitCode = 1
}
