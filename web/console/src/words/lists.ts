const en = {
  title: 'Lists and limits', intro: 'Numbers the center does not talk to, and whom, when and how often agents may call.', add: 'Add numbers', number: 'Number', numbers: 'Numbers ({n})', numbersHint: 'One a line, or separated by commas; up to 1000.',
  ways: 'Effect', in: 'Its calls are refused', out: 'Agents may not call it', reason: 'Reason', until: 'Until', forever: 'for ever', remove: 'Take {number} off the list?', empty: 'No number is on the list',
  limits: 'Limits of calling out', limitsHint: 'They hold for agents, programs and campaigns alike.', hours: 'Hours', hoursHint: 'None: at any time.', addHours: 'Add hours', zone: 'Time zone', countries: 'Countries', countriesHint: 'None: all countries.',
  perDay: 'Calls to one number a day', perHour: 'Calls to one number an hour', perMinute: 'Calls of one agent a minute', zero: '0: no limit.',
}
const zh: typeof en = {
  title: '名单与限制', intro: '不与之通话的号码，以及座席可以呼叫的对象、时段与频率。', add: '添加号码', number: '号码', numbers: '号码（{n}）', numbersHint: '每行一个，或用逗号分隔，最多 1000 个。',
  ways: '作用', in: '拒接其来电', out: '禁止座席呼叫', reason: '原因', until: '截止', forever: '永久', remove: '将 {number} 移出名单？', empty: '名单为空',
  limits: '外呼限制', limitsHint: '对座席、程序和外呼任务同样生效。', hours: '时段', hoursHint: '留空表示不限时段。', addHours: '添加时段', zone: '时区', countries: '国家或地区', countriesHint: '留空表示不限。',
  perDay: '同一号码每日次数', perHour: '同一号码每小时次数', perMinute: '单个座席每分钟次数', zero: '0 表示不限。',
}

export const lists = { en, zh }
