const en = { title: 'Audit log', intro: 'Everything that was changed, and every sign-in. Nothing here can be edited.', when: 'When', who: 'Who', what: 'What', target: 'About', outcome: 'Outcome', done: 'done' }
const zh: typeof en = { title: '审计日志', intro: '所有修改与登录的记录，不可编辑。', when: '时间', who: '操作人', what: '操作', target: '对象', outcome: '结果', done: '成功' }

export const audit = { en, zh }
