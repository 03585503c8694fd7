const en = {
  title: 'OpenSeat', console: 'Management console',
  menu: {
    overview: 'Overview', desk: 'Desk', live: 'Live view', records: 'Call records', voicemail: 'Voicemail', reports: 'Reports',
    people: 'People', staff: 'Accounts', groups: 'Skill groups', phones: 'SIP phones', roles: 'Roles',
    lines: 'Lines', numbers: 'Numbers', trunks: 'SIP trunks', flowsAll: 'Flows', flows: 'Flows', sounds: 'Prompts', hours: 'Working hours', lists: 'Lists and limits',
    system: 'System', push: 'Data push', keys: 'API keys', audit: 'Audit log', settings: 'Settings',
  },
  me: 'My account', signOut: 'Sign out', language: '中文', dark: 'Dark', light: 'Light', openMenu: 'Menu', skip: 'Skip to content',
  door: {
    title: 'Sign in', mail: 'E-mail', password: 'Password', code: 'Code of your authenticator app', enter: 'Sign in', wrong: 'Account or password is wrong.',
    codeHint: 'Your account has a second factor.', link: 'Signing in by link …', linkFailed: 'This link was used already, or is too old. Ask for a new one.',
  },
  setup: {
    title: 'Set up OpenSeat', intro: 'This server is new. Set up your contact center; the code is in the terminal where OpenSeat was started.',
    code: 'Code from the terminal', company: 'Name of the contact center', name: 'Your name', mail: 'Your e-mail', password: 'Password',
    passwordHint: 'At least 8 characters, with a capital letter, a small letter and a digit.', region: 'Country of your telephone numbers', go: 'Set up',
  },
  own: {
    title: 'My account', password: 'Change password', old: 'Present password', new: 'New password', change: 'Change', changed: 'The password was changed. You are signed out everywhere else.',
    factor: 'Second factor', factorOn: 'Codes of an authenticator app are asked for at sign-in.', factorOff: 'Only your password protects your account.', add: 'Set up', remove: 'Remove',
    scan: 'Add this account in your authenticator app, then give the code that it shows.', secret: 'Secret', confirm: 'Confirm', done: 'The second factor is on.', removed: 'The second factor is off.',
  },
  do: {
    save: 'Save', cancel: 'Cancel', create: 'Create', edit: 'Edit', delete: 'Delete', close: 'Close', search: 'Search', reset: 'Reset', refresh: 'Refresh', retry: 'Try again', more: 'More',
    copy: 'Copy', copied: 'Copied', download: 'Download', back: 'Back', undo: 'Undo', confirm: 'Are you sure?', yes: 'Yes', no: 'No', all: 'All', none: 'None', actions: 'Actions',
  },
  state: {
    empty: 'Nothing here yet', nothingFound: 'Nothing was found', loading: 'Loading …', failed: 'That did not work', unreachable: 'The server does not answer', saved: 'Saved', deleted: 'Deleted',
    noRight: 'Your role has no right to see this page.', noRightHint: 'An administrator can change that under Roles.', notFound: 'There is no such page.', readOnly: 'You may look, not change.',
  },
}

const zh: typeof en = {
  title: 'OpenSeat', console: '管理后台',
  menu: {
    overview: '概览', desk: '服务', live: '实时监控', records: '通话记录', voicemail: '语音留言', reports: '报表',
    people: '人员', staff: '账号', groups: '技能组', phones: 'SIP 话机', roles: '角色',
    lines: '线路', numbers: '号码', trunks: 'SIP 中继', flowsAll: '流程', flows: 'IVR 流程', sounds: '语音文件', hours: '工作时间', lists: '名单与限制',
    system: '系统', push: '数据推送', keys: 'API 密钥', audit: '审计日志', settings: '设置',
  },
  me: '我的账号', signOut: '退出登录', language: 'English', dark: '深色', light: '浅色', openMenu: '菜单', skip: '跳到正文',
  door: {
    title: '登录', mail: '邮箱', password: '密码', code: '验证器中的动态码', enter: '登录', wrong: '账号或密码错误。',
    codeHint: '该账号启用了二次验证。', link: '正在通过链接登录 …', linkFailed: '链接已被使用或已过期，请重新获取。',
  },
  setup: {
    title: '初始化 OpenSeat', intro: '这台服务器尚未初始化。请创建您的联络中心；验证码在启动 OpenSeat 的终端里。',
    code: '终端里的验证码', company: '联络中心名称', name: '您的姓名', mail: '您的邮箱', password: '密码',
    passwordHint: '至少 8 个字符，包含大写字母、小写字母和数字。', region: '电话号码所属国家', go: '开始使用',
  },
  own: {
    title: '我的账号', password: '修改密码', old: '当前密码', new: '新密码', change: '修改', changed: '密码已修改，其他设备均已退出登录。',
    factor: '二次验证', factorOn: '登录时需要输入验证器中的动态码。', factorOff: '目前仅由密码保护您的账号。', add: '启用', remove: '停用',
    scan: '请在验证器应用中添加此账号，然后输入其显示的动态码。', secret: '密钥', confirm: '确认', done: '二次验证已启用。', removed: '二次验证已停用。',
  },
  do: {
    save: '保存', cancel: '取消', create: '新建', edit: '编辑', delete: '删除', close: '关闭', search: '搜索', reset: '重置', refresh: '刷新', retry: '重试', more: '更多',
    copy: '复制', copied: '已复制', download: '下载', back: '返回', undo: '撤销', confirm: '确定吗？', yes: '是', no: '否', all: '全部', none: '无', actions: '操作',
  },
  state: {
    empty: '暂无内容', nothingFound: '没有找到结果', loading: '加载中 …', failed: '操作未成功', unreachable: '服务器没有应答', saved: '已保存', deleted: '已删除',
    noRight: '您的角色没有查看此页面的权限。', noRightHint: '管理员可以在“角色”中修改。', notFound: '页面不存在。', readOnly: '您只能查看，不能修改。',
  },
}

export const frame = { en, zh }
