const en = {
  title: 'Call records', intro: 'Every call that has ended. Open one to hear both sides and read its story.', when: 'When', customer: 'Customer', agent: 'Agent', group: 'Skill group', talk: 'Talk', end: 'End', phone: 'Number', way: 'Direction',
  none: 'Look at other days, or fewer filters.', sound: 'Recordings', story: 'What happened', json: 'JSON',
}
const zh: typeof en = {
  title: '通话记录', intro: '所有已结束的通话。点击可收听双方录音并查看经过。', when: '时间', customer: '客户', agent: '座席', group: '技能组', talk: '通话时长', end: '结束状态', phone: '号码', way: '方向',
  none: '请调整日期或筛选条件。', sound: '录音', story: '经过', json: 'JSON',
}

export const records = { en, zh }
