const en = {
  title: 'Roles', intro: 'What each role may see and change in this console. Nobody gives rights that he does not have himself.', add: 'New role', edit: 'Change role', name: 'Name', rights: 'Rights', members: 'Accounts', builtIn: 'built in',
  nothing: 'No place in the console', legend: 'Grey: may see. Blue: may change, too.', delete: 'Delete the role {name}?', levels: { 0: 'No', 1: 'See', 2: 'Change' },
  areas: {
    live: 'Live view', supervise: 'Supervision', records: 'Call records', recordings: 'Recordings', reports: 'Reports', staff: 'Accounts', groups: 'Skill groups', numbers: 'Numbers', trunks: 'SIP trunks', phones: 'SIP phones',
    flows: 'Flows, prompts, hours', lists: 'Lists and limits', push: 'Data push', keys: 'API keys', roles: 'Roles', audit: 'Audit log', instance: 'Settings',
  },
}
const zh: typeof en = {
  title: '角色', intro: '各角色在管理后台可查看和修改的内容。任何人不能授予自己没有的权限。', add: '新建角色', edit: '修改角色', name: '名称', rights: '权限', members: '账号数', builtIn: '内置',
  nothing: '无后台权限', legend: '灰色：可查看；蓝色：可修改。', delete: '删除角色 {name}？', levels: { 0: '无', 1: '查看', 2: '修改' },
  areas: {
    live: '实时监控', supervise: '监听与干预', records: '通话记录', recordings: '录音', reports: '报表', staff: '账号', groups: '技能组', numbers: '号码', trunks: 'SIP 中继', phones: 'SIP 话机',
    flows: '流程、语音、工作时间', lists: '名单与限制', push: '数据推送', keys: 'API 密钥', roles: '角色', audit: '审计日志', instance: '设置',
  },
}

export const roles = { en, zh }
