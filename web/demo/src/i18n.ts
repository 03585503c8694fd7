import { createI18n } from 'vue-i18n'

const en = {
  title: 'A contact center on this machine',
  intro: 'Left, a customer with a telephone. Right, an agent’s page. Below, everything that happens. No carrier, no certificate, no network.',
  customer: { title: 'Customer', number: 'My number', call: 'Call', callWelcome: 'Call {n} (menu)', callDirect: 'Call {n} (straight to Support)',
    hangUp: 'Hang up', accept: 'Answer', decline: 'Decline', calling: 'Calling {n} …', ringing: 'Ringing', talking: 'Connected', incoming: '{n} is calling',
    ended: 'The call has ended', idle: 'Ready', connecting: 'Connecting the telephone …', lost: 'The telephone lost the server; trying again …',
    keys: 'Key pad', hint: 'Press Call, listen to the greeting, press 1, and answer as Alice on the right.' },
  mic: { none: 'No microphone was found', noneHint: 'Plug one in and reload the page. You can still watch: the call runs, silent from this side.',
    denied: 'The microphone is not allowed', deniedHint: 'Click the icon left of the address, allow the microphone, and reload the page.',
    insecure: 'The browser gives no microphone here', insecureHint: 'Open this page as http://localhost or http://127.0.0.1, or over HTTPS.' },
  agent: { title: 'Agent', who: 'Signed in as', loading: 'Loading the agent SDK …', ready: 'Ready for calls', expired: 'The sign-in has expired', kicked: 'Signed in elsewhere',
    failed: 'The SDK could not be loaded: {e}', again: 'Sign in again', status: 'Status', free: 'Free', busy: 'Busy', arrange: 'After-call work', notReady: 'Not ready', rest: 'Rest', offline: 'Offline',
    answer: 'Answer', hangUp: 'Hang up', mute: 'Mute', unmute: 'Unmute', hold: 'Hold', unhold: 'Take back', from: 'Incoming call from {n}', path: 'Chose', talking: 'Talking with {n}',
    calling: 'Calling {n}', none: 'No call', dial: 'Call out', dialHint: 'The last digit decides what happens:', events: 'Events of window.tccc', noEvents: 'Nothing yet.' },
  outcome: { '0': 'busy', '1': 'answers and speaks', '2': 'answers, hangs up after 3 s', '3': 'rings 35 s, then answers', '4': 'rejects', '5': 'never answers', '6': 'powered off', '7': 'no such number', '8': 'voicemail', '9': 'carrier fault' },
  session: { title: 'The session', none: 'Nothing has happened yet. Press Call on the left.', timeline: 'Timeline', record: 'Call record (CDR)', recordings: 'Recordings', pushes: 'Pushes that arrived',
    waiting: 'Comes when the call has ended.', recWaiting: 'The recording is being stored …', noRecordings: 'Nothing was recorded in this call.', noPushes: 'None yet.', customerSide: 'Customer’s side', agentSide: 'Agent’s side',
    past: 'Earlier sessions', inbound: 'inbound', outbound: 'outbound', seconds: '{n} s', attempts: '{n} attempt | {n} attempts', json: 'JSON', loadFailed: 'The server does not answer; trying again …' },
  phase: { flow: 'Flow', queue: 'Queue', ring: 'Ringing', talk: 'Talk', after: 'After the call' },
}

const zh: typeof en = {
  title: '本机上的联络中心',
  intro: '左边是客户的电话，右边是座席的页面，下方是发生的一切。无需运营商、证书与网络。',
  customer: { title: '客户', number: '本机号码', call: '呼叫', callWelcome: '呼叫 {n}（语音菜单）', callDirect: '呼叫 {n}（直达售后）',
    hangUp: '挂断', accept: '接听', decline: '拒接', calling: '正在呼叫 {n} …', ringing: '振铃中', talking: '通话中', incoming: '{n} 来电',
    ended: '通话已结束', idle: '就绪', connecting: '正在接通电话机 …', lost: '电话机与服务器断开，正在重试 …',
    keys: '拨号盘', hint: '点击呼叫，听到欢迎语后按 1，再在右侧以 Alice 身份接听。' },
  mic: { none: '没有找到麦克风', noneHint: '请接上麦克风后刷新页面。仍可观看：通话照常进行，只是这一侧没有声音。',
    denied: '麦克风未被允许', deniedHint: '点击地址栏左侧的图标，允许使用麦克风，然后刷新页面。',
    insecure: '浏览器在此地址下不提供麦克风', insecureHint: '请以 http://localhost、http://127.0.0.1 或 HTTPS 打开本页。' },
  agent: { title: '座席', who: '当前座席', loading: '正在加载座席 SDK …', ready: '可以接听', expired: '登录已过期', kicked: '已在别处登录',
    failed: 'SDK 加载失败：{e}', again: '重新登录', status: '状态', free: '空闲', busy: '忙碌', arrange: '话后整理', notReady: '示忙', rest: '小休', offline: '离线',
    answer: '接听', hangUp: '挂断', mute: '静音', unmute: '取消静音', hold: '保持', unhold: '取消保持', from: '{n} 来电', path: '按键', talking: '与 {n} 通话中',
    calling: '正在呼叫 {n}', none: '没有通话', dial: '外呼', dialHint: '号码的最后一位决定结果：', events: 'window.tccc 的事件', noEvents: '暂无。' },
  outcome: { '0': '忙线', '1': '接听并说话', '2': '接听，3 秒后挂断', '3': '振铃 35 秒后接听', '4': '拒接', '5': '无人接听', '6': '关机', '7': '空号', '8': '语音信箱', '9': '线路故障' },
  session: { title: '会话', none: '还没有会话。请点击左侧的呼叫。', timeline: '时间线', record: '服务记录（CDR）', recordings: '录音', pushes: '收到的数据推送',
    waiting: '通话结束后出现。', recWaiting: '录音正在保存 …', noRecordings: '本次通话没有录音。', noPushes: '暂无。', customerSide: '客户侧', agentSide: '座席侧',
    past: '更早的会话', inbound: '呼入', outbound: '呼出', seconds: '{n} 秒', attempts: '{n} 次尝试', json: 'JSON', loadFailed: '服务器没有应答，正在重试 …' },
  phase: { flow: '语音流程', queue: '排队', ring: '振铃', talk: '通话', after: '话后评价' },
}

const wanted = localStorage.getItem('lang') ?? (navigator.language.startsWith('zh') ? 'zh' : 'en')

export const i18n = createI18n({ legacy: false, locale: wanted, fallbackLocale: 'en', messages: { en, zh } })
