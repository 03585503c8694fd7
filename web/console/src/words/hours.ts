const en = {
  title: 'Working hours', intro: 'When the company works. A flow asks for it and leads callers one way or the other.', add: 'New working hours', edit: 'Change working hours', name: 'Name', zone: 'Time zone', week: 'Week',
  state: 'Now', open: 'open', closed: 'closed', days: 'Holidays and special days', daysOf: '{n} special days', period: 'Period {n}', addPeriod: 'Another period', from: 'from', to: 'to', overnight: 'reaches into the next day',
  addDay: 'Another day', date: 'Date', dayName: 'Name', dayClosed: 'Closed', dayHours: 'Open', removePeriod: 'Remove this period', removeDay: 'Remove this day', usedBy: 'Flows', unused: 'no flow', none: 'never open',
  weekHint: 'Outside of these times the company is closed. A period may reach over midnight.', daysHint: 'On these dates the week does not count.', past: 'over', noDays: 'No special day.',
  delete: 'Delete {name}?', deleteHint: 'Drafts that ask for it take it as always open.', empty: 'No working hours yet', emptyHint: 'Set up when your agents are there; a flow can then take messages at other times.', lacks: 'Every period needs a day and both times.',
  taken: 'There are working hours of this name.', grid: 'The week at a glance',
}
const zh: typeof en = {
  title: '工作时间', intro: '公司何时上班。流程据此把来电引向不同的去处。', add: '新建工作时间', edit: '修改工作时间', name: '名称', zone: '时区', week: '每周',
  state: '当前', open: '上班', closed: '下班', days: '节假日与特殊日期', daysOf: '{n} 个特殊日期', period: '时段 {n}', addPeriod: '添加时段', from: '从', to: '到', overnight: '延续到次日',
  addDay: '添加日期', date: '日期', dayName: '名称', dayClosed: '休息', dayHours: '上班', removePeriod: '删除此时段', removeDay: '删除此日期', usedBy: '流程', unused: '没有流程', none: '从不上班',
  weekHint: '这些时间之外为下班。时段可以跨过午夜。', daysHint: '这些日期不按每周时间执行。', past: '已过', noDays: '没有特殊日期。',
  delete: '删除 {name}？', deleteHint: '引用它的草稿将视为始终上班。', empty: '暂无工作时间', emptyHint: '设置座席的上班时间，流程即可在其他时间引导留言。', lacks: '每个时段都需要选择日期和起止时间。',
  taken: '已有同名的工作时间。', grid: '一周概览',
}

export const hours = { en, zh }
