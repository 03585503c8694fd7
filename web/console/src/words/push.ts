const en = {
  title: 'Data push', intro: 'When a call ends, OpenSeat posts its record to your server; then each recording, and a voicemail if there is one.', where: 'Where to', url: 'Address', urlHint: 'Empty: nothing is pushed.', auth: 'Authentication',
  auths: { none: 'None', basic: 'Basic', oauth2: 'OAuth 2.0' }, user: 'User', password: 'Password', secretHint: 'Leave empty to keep the present one.', what: 'What', kinds: { cdr: 'Call record', record: 'Recording', voicemail: 'Voicemail' },
  test: 'Send a test', testHint: 'A made-up payload is sent to the saved address, once.', send: 'Send', payload: 'Payload', deliveries: 'Deliveries', when: 'When', kind: 'What', session: 'Session', state: 'State', answer: 'Answer', attempts: 'Attempts',
  states: { pending: 'Waiting', delivered: 'Delivered', failed: 'Failed' }, none: 'Nothing was pushed yet', replay: 'Send again', replayed: 'It is sent again.',
}
const zh: typeof en = {
  title: '数据推送', intro: '通话结束后，系统将服务记录推送到您的服务器，随后推送每段录音及语音留言。', where: '推送到', url: '地址', urlHint: '留空则不推送。', auth: '鉴权方式',
  auths: { none: '无', basic: 'Basic', oauth2: 'OAuth 2.0' }, user: '用户名', password: '密码', secretHint: '留空则保持不变。', what: '内容', kinds: { cdr: '服务记录', record: '录音', voicemail: '语音留言' },
  test: '发送测试', testHint: '向已保存的地址发送一次示例数据。', send: '发送', payload: '内容', deliveries: '推送记录', when: '时间', kind: '类型', session: '会话', state: '状态', answer: '应答', attempts: '次数',
  states: { pending: '等待中', delivered: '已送达', failed: '失败' }, none: '暂无推送', replay: '重新推送', replayed: '已重新推送。',
}

export const push = { en, zh }
