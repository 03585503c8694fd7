const en = {
  title: 'Flows', intro: 'What a caller hears, presses and where that leads him. A number plays the published version; a draft is for you alone until you publish it.', add: 'New flow', name: 'Name',
  nameHint: 'It cannot be changed later: numbers and other flows name it.', taken: 'There is a flow of this name.', template: 'Begin with',
  templates: { empty: 'An empty flow', menu: 'Welcome menu', queue: 'Straight to a queue', hours: 'Voicemail after hours' },
  templateHints: { empty: 'One node that says goodbye.', menu: 'Press 1 for an agent, 2 to leave a message.', queue: 'Every caller waits for an agent.', hours: 'Agents during working hours, a message outside.' },
  group: 'Skill group', schedule: 'Working hours', noGroup: 'No skill group yet: choose one in the flow later.', version: 'Published', versionOf: 'Version {n}', never: 'not published', draft: 'Draft', draftBy: 'by {by}, {at}',
  numbers: 'Numbers', usedBy: 'Part of', noNumber: 'no number', nodes: 'Nodes', open: 'Open', duplicate: 'Duplicate', duplicateOf: 'Duplicate {name}', copyName: '{name} copy', dropDraft: 'Discard draft',
  delete: 'Delete {name}?', deleteHint: 'All of its versions and its draft go. Calls that are in it end by its rules.', dropDraftSure: 'Discard the draft of {name}?', dropDraftHint: 'What was not published is lost.',
  inUse: 'A number or another flow leads here; take it away there first.', empty: 'No flow yet', emptyHint: 'A number needs a flow before it answers calls.',
}
const zh: typeof en = {
  title: 'IVR 流程', intro: '来电者听到什么、按什么键、随后去往何处。号码使用已发布的版本；草稿在发布之前不影响任何来电。', add: '新建流程', name: '名称',
  nameHint: '名称之后不能修改：号码和其他流程通过名称引用它。', taken: '已有同名流程。', template: '从模板开始',
  templates: { empty: '空白流程', menu: '欢迎菜单', queue: '直接排队', hours: '下班后留言' },
  templateHints: { empty: '只有一个结束语节点。', menu: '按 1 转人工，按 2 留言。', queue: '所有来电直接等待座席。', hours: '工作时间转人工，其余时间留言。' },
  group: '技能组', schedule: '工作时间', noGroup: '还没有技能组，可稍后在流程中选择。', version: '已发布', versionOf: '版本 {n}', never: '未发布', draft: '草稿', draftBy: '{by}，{at}',
  numbers: '号码', usedBy: '被引用', noNumber: '没有号码', nodes: '节点', open: '打开', duplicate: '复制', duplicateOf: '复制 {name}', copyName: '{name} 副本', dropDraft: '丢弃草稿',
  delete: '删除 {name}？', deleteHint: '其所有版本和草稿都会删除，正在其中的通话按原规则结束。', dropDraftSure: '丢弃 {name} 的草稿？', dropDraftHint: '未发布的修改会丢失。',
  inUse: '有号码或其他流程指向它，请先解除。', empty: '暂无流程', emptyHint: '号码需要流程才能接听来电。',
}

export const flows = { en, zh }
