const en = {
  title: 'SIP trunks', intro: 'Lines to your carriers, or to your own telephone system.', add: 'New trunk', edit: 'Change trunk', name: 'Name', peer: 'Address', peerHint: 'Host and port that outbound calls go to.',
  transport: 'Transport', way: 'Known by', registers: 'registers as {user}', byAddress: 'its address', health: 'Now', calls: 'Calls', states: { up: 'Answers', down: 'Does not answer', unknown: 'Not known yet' },
  sources: 'Calls come from', sourcesHint: 'Addresses or CIDR blocks. None: only the address above.', register: 'Register there', registerHint: 'For carriers that give you an account instead of knowing your address.',
  user: 'User name', password: 'Password', passwordHint: 'Leave empty to keep the present one.', domain: 'Domain', codecs: 'Codecs', max: 'Calls at a time',
  delete: 'Delete {name}?', deleteHint: 'Numbers must be moved to another trunk first.', empty: 'No trunk yet', emptyHint: 'Your carrier tells you its address, and whether it wants you to register.',
  test: 'Test call', testOf: 'Test call over {name}', testHint: 'The number is called, a tone is played for two seconds when it is answered, and the call is hung up.', callee: 'Number to call', dial: 'Call',
  steps: { trying: 'Sent', ringing: 'Rings', early: 'Early sound', answered: 'Answered', heard: 'Sound came back', ended: 'Ended' }, works: 'The trunk works.', fails: 'The call did not succeed: {status}',
}
const zh: typeof en = {
  title: 'SIP 中继', intro: '连接运营商或自有话务系统的线路。', add: '新建中继', edit: '修改中继', name: '名称', peer: '地址', peerHint: '外呼送往的主机和端口。',
  transport: '传输协议', way: '识别方式', registers: '以 {user} 注册', byAddress: '按地址', health: '当前状态', calls: '通话', states: { up: '正常', down: '无应答', unknown: '未知' },
  sources: '来电来源', sourcesHint: 'IP 地址或 CIDR；留空则仅限上述地址。', register: '向对端注册', registerHint: '适用于提供账号而非绑定地址的运营商。',
  user: '用户名', password: '密码', passwordHint: '留空则保持不变。', domain: '域', codecs: '编码', max: '最大并发',
  delete: '删除 {name}？', deleteHint: '请先将号码移至其他中继。', empty: '暂无中继', emptyHint: '运营商会告知其地址以及是否需要注册。',
  test: '测试呼叫', testOf: '通过 {name} 测试呼叫', testHint: '呼叫该号码，接通后播放两秒提示音，然后挂断。', callee: '被叫号码', dial: '呼叫',
  steps: { trying: '已发送', ringing: '振铃', early: '早期媒体', answered: '已接听', heard: '收到声音', ended: '结束' }, works: '中继工作正常。', fails: '呼叫未成功：{status}',
}

export const trunks = { en, zh }
