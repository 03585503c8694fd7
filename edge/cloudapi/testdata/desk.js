// A back end that uses the official SDK as it comes: argv is the SDK's folder, the endpoint (host:port), POST or GET.
// Prints one JSON line for each step.
const [sdk, endpoint, reqMethod] = process.argv.slice(2)
const { ccc } = require(sdk)
const { CommonClient } = require(sdk + '/tencentcloud/common/common_client')

const client = (secretId, secretKey) => new ccc.v20200210.Client({
  credential: { secretId, secretKey },
  region: 'ap-guangzhou',
  profile: { httpProfile: { endpoint, protocol: 'http://', reqMethod, reqTimeout: 10 } },
})

const SdkAppId = 1400000001
const desk = client('AKIDhome', 'homesecret')

const steps = [
  ['CreateCCCSkillGroup', () => desk.CreateCCCSkillGroup({ SdkAppId, SkillGroupName: '售后 & co <1>', SkillGroupType: 0 })],
  ['CreateStaff', () => desk.CreateStaff({ SdkAppId, Staffs: [
    { Name: 'Alice', Mail: 'alice@demo.openseat', StaffNumber: '1001', SkillGroupNameList: ['售后 & co <1>'] },
    { Name: 'Bob', Mail: 'bob', StaffNumber: '1002', Nick: null },
  ] })],
  ['DescribeStaffInfoList', () => desk.DescribeStaffInfoList({ SdkAppId, PageSize: 10, PageNumber: 0, StaffMail: undefined, SkillGroupId: undefined })],
  ['BindStaffSkillGroupList', () => desk.BindStaffSkillGroupList({ SdkAppId, StaffEmail: 'alice@demo.openseat', StaffSkillGroupList: [{ SkillGroupId: 1, Priority: 2 }] })],
  ['UnbindStaffSkillGroupList', () => desk.UnbindStaffSkillGroupList({ SdkAppId, StaffEmail: 'alice@demo.openseat', SkillGroupList: [1] })],
  ['CreateSDKLoginToken', () => desk.CreateSDKLoginToken({ SdkAppId, SeatUserId: 'alice@demo.openseat', OnlyOnce: true })],
  ['DescribeTelCdr', () => desk.DescribeTelCdr({ SdkAppId, StartTimeStamp: Math.floor(Date.now() / 1000) - 3600, EndTimeStamp: Math.floor(Date.now() / 1000), PageSize: 10, PageNumber: 0, Phones: ['0086138', '0086139'] })],
  ['CreateExtension', () => desk.CreateExtension({ SdkAppId, ExtensionId: '7001', ExtensionName: '前台', SkillGroupIds: [1], Relation: 'alice@demo.openseat' })],
  ['CreateExtension again', () => desk.CreateExtension({ SdkAppId, ExtensionId: '7001', ExtensionName: '前台' })],
  ['CreateExtension of nine', () => desk.CreateExtension({ SdkAppId, ExtensionId: '9001', ExtensionName: '前台' })],
  ['ModifyExtension', () => desk.ModifyExtension({ SdkAppId, ExtensionId: '7001', ExtensionName: 'Reception' })],
  ['DescribeExtension', () => desk.DescribeExtension({ SdkAppId, ExtensionId: '7001' })],
  ['DescribeExtensions', () => desk.DescribeExtensions({ SdkAppId, PageNumber: 0, PageSize: 100, ExtensionIds: ['7001'], FuzzingKeyWord: 'recep', IsNeedStatus: true })],
  ['DescribeExtensions of 101', () => desk.DescribeExtensions({ SdkAppId, PageNumber: 0, PageSize: 101 })],
  ['ResetExtensionPassword', () => desk.ResetExtensionPassword({ SdkAppId, ExtensionId: '7001' })],
  ['DeleteExtension', () => desk.DeleteExtension({ SdkAppId, ExtensionId: '7001' })],
  ['DeleteExtension again', () => desk.DeleteExtension({ SdkAppId, ExtensionId: '7001' })],
  ['CreateCallOutSession without a phone', () => desk.CreateCallOutSession({ SdkAppId, UserId: 'alice@demo.openseat', Callee: '008613900139000', IsForceUseMobile: true })],
  ['ModifyStaff', () => desk.ModifyStaff({ SdkAppId, Email: 'alice@demo.openseat', Phone: '13800138000', UseMobileAccept: 1, UseMobileCallOut: true })],
  ['CreateCallOutSession', () => desk.CreateCallOutSession({ SdkAppId, UserId: 'alice@demo.openseat', Callee: '008613900139000', Callers: ['00864008001000'], UUI: 'order 7' })],
  ['CreateCallOutSession to nobody', () => desk.CreateCallOutSession({ SdkAppId, UserId: 'alice@demo.openseat', Callee: 'nobody' })],
  ['another instance', () => desk.DescribeNumbers({ SdkAppId: 1400000002 })],
  ['a wrong secret', () => client('AKIDhome', 'guess').DescribeNumbers({ SdkAppId })],
  ['an unknown key', () => client('AKIDnobody', 'guess').DescribeNumbers({ SdkAppId })],
  ['an action of ours', () => new CommonClient(endpoint, '2026-01-01', {
    credential: { secretId: 'AKIDhome', secretKey: 'homesecret' },
    profile: { httpProfile: { protocol: 'http://', reqMethod } },
  }).request('DescribeTrunks', { SdkAppId })],
  ['a request without a signature', () => desk.request('DescribeNumbers', { SdkAppId }, { skipSign: true })],
]
if (reqMethod === 'POST') {
  steps.push(['eleven megabytes', () => desk.HangUpCall({ SdkAppId, SessionId: 'x'.repeat(11 << 20) })])
}

const main = async () => {
  for (const [step, ask] of steps) {
    let told
    try {
      told = { answer: await ask() }
    } catch (e) {
      told = { code: e.code || e.message, requestId: e.requestId, traceId: e.traceId }
    }
    console.log(JSON.stringify({ step, ...told }))
  }
}
main()
