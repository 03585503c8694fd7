const en = {
  title: 'API keys', intro: 'Your programs sign their requests to the cloud API with a key. To rotate: make a new one, use it, switch the old one off.', add: 'New key', made: 'Made', state: 'State',
  isOn: 'In use', isOff: 'Off', off: 'Switch off', disable: 'Switch {id} off?', disableHint: 'It is off for good; programs that use it are refused.', empty: 'No key yet', fresh: 'Your new key', once: 'The SecretKey is shown this once only. Keep it where programs keep secrets.',
}
const zh: typeof en = {
  title: 'API 密钥', intro: '您的程序用密钥为云 API 请求签名。轮换方法：新建密钥并启用，然后停用旧密钥。', add: '新建密钥', made: '创建时间', state: '状态',
  isOn: '启用', isOff: '已停用', off: '停用', disable: '停用 {id}？', disableHint: '停用后不可恢复，使用它的程序将被拒绝。', empty: '暂无密钥', fresh: '新密钥', once: 'SecretKey 仅显示这一次，请妥善保存。',
}

export const keys = { en, zh }
