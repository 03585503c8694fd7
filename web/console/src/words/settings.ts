const en = {
  title: 'Settings', desk: 'The desk', name: 'Name', online: 'After signing in, an agent is', free: 'free', notReady: 'not ready', rests: 'Reasons of a rest', restsHint: 'Agents choose one of these. None: any reason.',
  notes: 'Categories of notes', notesHint: 'What agents choose from after a call.', grace: 'A call waits for an agent’s lost page', graceHint: 'Reload, network: how long until the customer is hung up.',
  keep: 'Keeping', keepHint: 'Days; 0 keeps for ever.', kinds: { Recordings: 'Recordings', Records: 'Call records', Transcripts: 'Timelines', Audit: 'Audit log', Deliveries: 'Data push' },
  copy: 'Copies of recordings', copyHint: 'Every recording is copied to a bucket of yours and read back; its address becomes CustomRecordURL.', on: 'In use', public: 'Public address', publicHint: 'Put before the key in CustomRecordURL. Empty: endpoint and bucket.', pathStyle: 'The bucket is named in the path', deleteLocal: 'Delete here once the copy was verified',
  mapping: 'Number mapping', mappingHint: 'Agents see an alias that your server gives; the real number never leaves this server.',
  eraseTitle: 'Erase a customer', eraseHint: 'Recordings, timelines, contacts and the number itself in all records. Figures stay. A report proves it.', phone: 'Telephone number', count: 'Look what there is', erase: 'Erase', erased: 'Erased.',
  eraseSure: 'Erase everything of {number}?', eraseSureHint: 'It cannot be brought back, not even from a backup that is made from now on.', counts: '{records} records, {recordings} recordings, {others} others', when: 'When', by: 'By', what: 'What', proof: 'Proof', noErasures: 'Nothing was erased yet',
}
const zh: typeof en = {
  title: '设置', desk: '服务台', name: '名称', online: '座席登录后的状态', free: '空闲', notReady: '示忙', rests: '小休原因', restsHint: '座席从中选择；留空则可填写任意原因。',
  notes: '服务小记分类', notesHint: '座席在通话后选择。', grace: '等待座席页面恢复', graceHint: '页面刷新或断网后，多久挂断客户。',
  keep: '保留期限', keepHint: '单位为天；0 表示永久保留。', kinds: { Recordings: '录音', Records: '通话记录', Transcripts: '时间线', Audit: '审计日志', Deliveries: '数据推送' },
  copy: '录音转存', copyHint: '每段录音都会复制到您的存储桶并校验，其地址即为 CustomRecordURL。', on: '启用', public: '公开地址', publicHint: 'CustomRecordURL 的前缀；留空则使用 Endpoint 与存储桶。', pathStyle: '路径方式访问存储桶', deleteLocal: '校验通过后删除本地文件',
  mapping: '号码映射', mappingHint: '座席只看到您的服务器给出的别名，真实号码不会离开本服务器。',
  eraseTitle: '删除客户数据', eraseHint: '删除录音、时间线、联系人以及所有记录中的号码；统计数据保留，并生成证明报告。', phone: '电话号码', count: '查看数据', erase: '删除', erased: '已删除。',
  eraseSure: '删除 {number} 的全部数据？', eraseSureHint: '删除后无法恢复，之后的备份中也不再包含。', counts: '{records} 条记录，{recordings} 段录音，{others} 条其他数据', when: '时间', by: '操作人', what: '内容', proof: '证明', noErasures: '暂无删除记录',
}

export const settings = { en, zh }
