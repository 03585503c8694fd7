import type { AgentStatus } from '../types'

/** What the face says, in the agent's language. */
export interface Strings {
  agent: string
  incoming: string
  calling: string
  connecting: string
  talking: string
  onHold: string
  accept: string
  decline: string
  hangUp: string
  mute: string
  unmute: string
  hold: string
  unHold: string
  keypad: string
  call: string
  numberToCall: string
  close: string
  dismiss: string
  restReason: string
  reconnecting: string
  signingIn: string
  kickedOut: string
  signedOut: string
  recent: string
  remove: string
  then: string
  status: Record<AgentStatus, string>
  errors: Record<string, string>
}

const en: Strings = {
  agent: 'Agent',
  incoming: 'Incoming call',
  calling: 'Calling',
  connecting: 'Connecting',
  talking: 'In call',
  onHold: 'On hold',
  accept: 'Accept',
  decline: 'Decline',
  hangUp: 'Hang up',
  mute: 'Mute',
  unmute: 'Unmute',
  hold: 'Hold',
  unHold: 'Resume',
  keypad: 'Keypad',
  call: 'Call',
  numberToCall: 'Number to call',
  close: 'Close',
  dismiss: 'Dismiss',
  restReason: 'Reason for the rest',
  reconnecting: 'Reconnecting…',
  signingIn: 'Signing in…',
  kickedOut: 'Signed in on another page',
  signedOut: 'Signed out. Load the page again.',
  recent: 'Ended calls',
  remove: 'Remove',
  then: 'then',
  status: { free: 'Ready', busy: 'Busy', arrange: 'Wrap-up', notReady: 'Not ready', rest: 'Rest', offline: 'Offline' },
  errors: {
    MicrophoneDenied: 'The microphone is not allowed. Allow it in the address bar of the browser, then try again.',
    MicrophoneNotFound: 'No microphone was found. Connect one, then try again.',
    MicrophoneFailed: 'The microphone cannot be used. Another program may hold it.',
    InsecureContext: 'Calls need a page on HTTPS or localhost.',
    MediaFailed: 'The sound was interrupted and is being restored.',
    Timeout: 'The server did not answer in time.',
    ConnectionLost: 'The connection broke. Try again.',
    'FailedOperation.SeatStatusBusy': 'You are busy with another call.',
    'FailedOperation.NoCallOutNumber': 'There is no number you may call out with.',
    'InvalidParameter.InvalidPhoneNumber': 'This is not a telephone number.',
  },
}

const zh: Strings = {
  agent: '座席',
  incoming: '来电',
  calling: '呼叫中',
  connecting: '接通中',
  talking: '通话中',
  onHold: '保持中',
  accept: '接听',
  decline: '拒接',
  hangUp: '挂断',
  mute: '静音',
  unmute: '取消静音',
  hold: '保持',
  unHold: '恢复',
  keypad: '键盘',
  call: '呼叫',
  numberToCall: '要拨打的号码',
  close: '关闭',
  dismiss: '知道了',
  restReason: '小休原因',
  reconnecting: '正在重新连接…',
  signingIn: '正在登录…',
  kickedOut: '账号已在其他页面登录',
  signedOut: '已退出登录，请重新加载页面',
  recent: '已结束的通话',
  remove: '移除',
  then: '之后',
  status: { free: '空闲', busy: '忙碌', arrange: '话后整理', notReady: '示忙', rest: '小休', offline: '离线' },
  errors: {
    MicrophoneDenied: '未获得麦克风权限，请在浏览器地址栏中允许后重试。',
    MicrophoneNotFound: '没有找到麦克风，请连接后重试。',
    MicrophoneFailed: '麦克风无法使用，可能被其他程序占用。',
    InsecureContext: '通话需要 HTTPS 或 localhost 页面。',
    MediaFailed: '声音中断，正在恢复。',
    Timeout: '服务器未及时响应。',
    ConnectionLost: '连接中断，请重试。',
    'FailedOperation.SeatStatusBusy': '您正在处理另一个通话。',
    'FailedOperation.NoCallOutNumber': '没有可用的外呼号码。',
    'InvalidParameter.InvalidPhoneNumber': '这不是有效的电话号码。',
  },
}

export function strings(lang: 'zh' | 'en'): Strings {
  return lang === 'zh' ? zh : en
}
