const en = {
  title: 'SIP phones', intro: 'Desk telephones and softphones that register here and serve as an agent’s seat.', add: 'New phone', edit: 'Change phone', number: 'Extension', numberHint: '4 to 6 digits; the first is 1 to 8.',
  name: 'Name', who: 'Agent', whoHint: 'Calls for this agent can ring here.', groups: 'Skill groups', state: 'Now', states: { 0: 'Not there', 100: 'Free', 200: 'Busy' },
  delete: 'Delete extension {number}?', deleteHint: 'The telephone cannot register any more.', empty: 'No telephone yet', emptyHint: 'Agents can work in the browser alone; a telephone is another seat.',
  account: 'Account', accountOf: 'Account of {number}', accountHint: 'Type this into the telephone.', user: 'User', password: 'Password', domain: 'Domain', proxy: 'Outbound proxy', renew: 'New password', renewHint: 'The telephone must be told the new one.', renewed: 'There is a new password.',
}
const zh: typeof en = {
  title: 'SIP 话机', intro: '注册到本系统、作为座席终端的话机或软电话。', add: '新建话机', edit: '修改话机', number: '分机号', numberHint: '4 到 6 位数字，首位 1 到 8。',
  name: '名称', who: '座席', whoHint: '该座席的来电可在此话机振铃。', groups: '技能组', state: '当前状态', states: { 0: '离线', 100: '空闲', 200: '忙碌' },
  delete: '删除分机 {number}？', deleteHint: '话机将无法再注册。', empty: '暂无话机', emptyHint: '座席可仅用浏览器工作，话机是另一种终端。',
  account: '账号', accountOf: '{number} 的账号', accountHint: '请在话机中填写以下信息。', user: '用户名', password: '密码', domain: '域', proxy: '出局代理', renew: '重置密码', renewHint: '话机需要同步修改。', renewed: '密码已重置。',
}

export const phones = { en, zh }
