const en = { title: 'Overview', calls: 'Calls running', online: 'Agents online', free: '{n} free' }
const zh: typeof en = { title: '概览', calls: '进行中的通话', online: '在线座席', free: '{n} 人空闲' }

export const overview = { en, zh }
