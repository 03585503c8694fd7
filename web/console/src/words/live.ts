const en = {
  title: 'Live view', intro: 'Queues, calls and agents, at most a second old.', full: 'Full screen', level: 'service level', waiting: 'waiting', longest: 'longest wait', free: 'free / online',
  today: 'Today: {offered} came, {answered} answered, {abandoned} gave up', calls: 'Calls ({n})', noCalls: 'Nobody is on the telephone.', customer: 'Customer', state: 'State', lasts: 'Lasts', agent: 'Agents', ways: { 0: 'inbound', 1: 'outbound' },
  states: { ivr: 'In the flow', queued: 'Waiting', ringing: 'Ringing', inProgress: 'Talking', survey: 'Survey' }, held: 'On hold', hangUp: 'Hang up', end: 'Hang up on {number}?', endHint: 'Customer and agents are cut off.', ended: 'The call was ended.',
  agents: 'Agents', statuses: { free: 'Free', busy: 'Busy', arrange: 'After-call work', notReady: 'Not ready', rest: 'Rest', offline: 'Offline' }, callsToday: '{n} calls · {talk}', set: 'Status',
  listen: 'Listening, whispering, barging in and taking over are done in the workbench, where the sound is.',
}
const zh: typeof en = {
  title: '实时监控', intro: '队列、通话与座席，延迟不超过一秒。', full: '全屏', level: '服务水平', waiting: '排队', longest: '最长等待', free: '空闲 / 在线',
  today: '今日：进线 {offered}，接听 {answered}，放弃 {abandoned}', calls: '通话（{n}）', noCalls: '当前没有通话。', customer: '客户', state: '状态', lasts: '时长', agent: '座席', ways: { 0: '呼入', 1: '呼出' },
  states: { ivr: '流程中', queued: '排队中', ringing: '振铃中', inProgress: '通话中', survey: '评价中' }, held: '保持中', hangUp: '挂断', end: '挂断 {number}？', endHint: '客户和座席都会被断开。', ended: '通话已结束。',
  agents: '座席', statuses: { free: '空闲', busy: '忙碌', arrange: '话后整理', notReady: '示忙', rest: '小休', offline: '离线' }, callsToday: '{n} 通 · {talk}', set: '状态',
  listen: '监听、密语、强插和强拆在工作台中进行。',
}

export const live = { en, zh }
