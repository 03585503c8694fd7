// Calls one action of the cloud API with the official Tencent Cloud SDK, and prints the answer.
//
//	node call.mjs DescribeStaffInfoList '{"PageSize":10,"PageNumber":0}'
//	node call.mjs DescribeTrunks
//
// Environment: OPENSEAT_URL (http://127.0.0.1:8080), SECRET_ID, SECRET_KEY, SDK_APP_ID; or DEMO, the path of a demo.json that
// has them all. What a parameter begins with @ is read from that file: '{"Name":"welcome","Definition":"@flow.json"}'.
import { readFileSync } from 'node:fs'
import sdk from 'tencentcloud-sdk-nodejs'
import common from 'tencentcloud-sdk-nodejs/tencentcloud/common/index.js'

const demo = process.env.DEMO ? JSON.parse(readFileSync(process.env.DEMO)) : {}
const server = new URL(process.env.OPENSEAT_URL ?? demo.http ?? 'http://127.0.0.1:8080')
const settings = {
  credential: { secretId: process.env.SECRET_ID ?? demo.secretId, secretKey: process.env.SECRET_KEY ?? demo.secretKey },
  region: 'ap-guangzhou', // any will do
  profile: { httpProfile: { endpoint: server.host, protocol: `${server.protocol}//` } },
}

// The actions of the official SDK are methods of its client; OpenSeat's own have a version of their own.
const official = new sdk.ccc.v20200210.Client(settings)
const own = new common.CommonClient('ccc', '2026-01-01', settings)

const [action, text = '{}'] = process.argv.slice(2)
const fromFile = (_, value) => (typeof value === 'string' && value.startsWith('@') ? JSON.parse(readFileSync(value.slice(1))) : value)
const request = { SdkAppId: Number(process.env.SDK_APP_ID ?? demo.sdkAppId), ...JSON.parse(text, fromFile) }

try {
  const answer = action in official ? await official[action](request) : await own.request(action, request)
  console.log(JSON.stringify(answer, null, 2))
} catch (e) {
  console.error(`${e.code}: ${e.message} (RequestId ${e.requestId})`)
  process.exitCode = 1
}
