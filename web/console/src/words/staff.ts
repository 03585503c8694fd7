const en = {
  title: 'Accounts', intro: 'Who works here: administrators, inspectors, agents.', add: 'New account', find: 'E-mail', group: 'Skill group',
  name: 'Name', mail: 'E-mail', phone: 'Mobile', nick: 'Nickname', number: 'Staff number', role: 'Role', groups: 'Skill groups', extension: 'SIP phone', modified: 'Changed',
  roles: { 1: 'Administrator', 2: 'Inspector', 3: 'Agent' }, edit: 'Change account', create: 'New account',
  password: 'Password', passwordHint: 'To sign in to the console. Leave empty for agents who sign in through your own page.',
  delete: 'Delete {name}?', deleteHint: 'The account cannot sign in any more. Its call records stay.', online: '{name} is online and was not deleted.', deleted: '{name} was deleted.',
  failed: '{mail}: {message}', empty: 'No accounts yet. Create the first agent.', total: '{n} accounts',
}
const zh: typeof en = {
  title: '账号', intro: '在这里工作的人：管理员、质检员、座席。', add: '新建账号', find: '邮箱', group: '技能组',
  name: '姓名', mail: '邮箱', phone: '手机', nick: '昵称', number: '工号', role: '角色', groups: '技能组', extension: '话机', modified: '修改时间',
  roles: { 1: '管理员', 2: '质检员', 3: '座席' }, edit: '修改账号', create: '新建账号',
  password: '密码', passwordHint: '用于登录管理后台。若座席从自有系统登录，可留空。',
  delete: '删除 {name}？', deleteHint: '该账号将无法登录，其通话记录会保留。', online: '{name} 在线，未被删除。', deleted: '{name} 已删除。',
  failed: '{mail}：{message}', empty: '暂无账号，请新建第一个座席。', total: '共 {n} 个账号',
}

export const staff = { en, zh }
