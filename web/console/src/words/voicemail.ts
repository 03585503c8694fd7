const en = { title: 'Voicemail', intro: '{n} not heard yet.', from: 'From', message: 'Message', state: 'State', heard: 'Heard', fresh: 'New', mark: 'Mark as heard', markNew: 'Mark as new', onlyNew: 'New ones only', empty: 'No message' }
const zh: typeof en = { title: '语音留言', intro: '{n} 条未听。', from: '来自', message: '留言', state: '状态', heard: '已听', fresh: '未听', mark: '标为已听', markNew: '标为未听', onlyNew: '仅未听', empty: '没有留言' }

export const voicemail = { en, zh }
