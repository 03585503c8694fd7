const en = {
  title: 'Settings', desk: 'The desk', name: 'Name', online: 'After signing in, an agent is', free: 'free', notReady: 'not ready', rests: 'Reasons of a rest', restsHint: 'Agents choose one of these. None: any reason.',
  notes: 'Categories of notes', notesHint: 'What agents choose from after a call.', grace: 'A call waits for an agent’s lost page', graceHint: 'Reload, network: how long until the customer is hung up.',
  keep: 'Keeping', keepHint: 'Days; 0 keeps for ever.', kinds: { Recordings: 'Recordings', Records: 'Call records', Transcripts: 'Timelines', Audit: 'Audit log', Deliveries: 'Data push' },
}
const zh: typeof en = {
  title: '设置', desk: '服务台', name: '名称', online: '座席登录后的状态', free: '空闲', notReady: '示忙', rests: '小休原因', restsHint: '座席从中选择；留空则可填写任意原因。',
  notes: '服务小记分类', notesHint: '座席在通话后选择。', grace: '等待座席页面恢复', graceHint: '页面刷新或断网后，多久挂断客户。',
  keep: '保留期限', keepHint: '单位为天；0 表示永久保留。', kinds: { Recordings: '录音', Records: '通话记录', Transcripts: '时间线', Audit: '审计日志', Deliveries: '数据推送' },
}

export const settings = { en, zh }
