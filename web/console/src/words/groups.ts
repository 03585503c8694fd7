const en = {
  title: 'Skill groups', intro: 'Queues, and the agents who serve them.', add: 'New skill group', edit: 'Change skill group', name: 'Name', type: 'Type',
  types: { 0: 'Phone', 1: 'Chat', 3: 'Audio', 4: 'Video' }, ring: 'Ringing', ringAll: 'Everybody at once', oneByOne: 'One after the other', lastFirst: 'Last agent first',
  ringAllHint: 'Whoever answers first has the call.', oneByOneHint: 'The agent who has been free for the longest time rings first; priority goes before that.',
  lastHint: 'A customer who calls again reaches the agent he talked to, if that agent is free.', times: 'Times', timesOf: 'rings {ring} s · after-call work {wrap} s · waits {wait} s',
  ringTime: 'An agent rings for', wrapTime: 'After-call work', wrapHint: '0: the agent is free at once.', waitTime: 'A customer waits for', waitHint: 'Then his flow goes on. A queue node may say otherwise.',
  concurrency: 'Chats at a time', members: 'Agents', serve: 'Agents', serveOf: 'Agents of {name}', priority: 'Priority', priorityHint: '1 is rung first, 5 last.',
  delete: 'Delete {name}?', deleteHint: 'Flows that lead here go on as if nobody were online. Records stay.', empty: 'No skill group yet', emptyHint: 'A queue needs a skill group with at least one agent.',
}
const zh: typeof en = {
  title: '技能组', intro: '队列以及服务于它的座席。', add: '新建技能组', edit: '修改技能组', name: '名称', type: '类型',
  types: { 0: '电话', 1: '在线', 3: '音频', 4: '视频' }, ring: '振铃方式', ringAll: '同时振铃', oneByOne: '依次振铃', lastFirst: '熟客优先',
  ringAllHint: '最先接听的座席接起通话。', oneByOneHint: '优先级高者在前，同级中空闲最久的座席先振铃。',
  lastHint: '客户再次来电时，若上次服务的座席空闲，则优先分配给他。', times: '时间', timesOf: '振铃 {ring} 秒 · 话后整理 {wrap} 秒 · 排队 {wait} 秒',
  ringTime: '单个座席振铃时长', wrapTime: '话后整理时长', wrapHint: '0 表示挂断后立即空闲。', waitTime: '客户最长排队', waitHint: '超时后流程继续；排队节点可另行设置。',
  concurrency: '最大同时会话数', members: '座席', serve: '座席', serveOf: '{name} 的座席', priority: '优先级', priorityHint: '1 最先振铃，5 最后。',
  delete: '删除 {name}？', deleteHint: '通往该技能组的流程将按无人在线处理，记录会保留。', empty: '暂无技能组', emptyHint: '排队需要至少包含一名座席的技能组。',
}

export const groups = { en, zh }
