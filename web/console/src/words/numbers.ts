const en = {
  title: 'Numbers', intro: 'Telephone numbers of the company: the flow that answers each, and who may show it when calling out.', add: 'New number', edit: 'Change number',
  number: 'Number', numberHint: 'With country code: 00 86 …', remark: 'Remark', flow: 'Flow', noFlow: 'calls are refused', flowHint: 'Without a flow, inbound calls are refused.', trunk: 'SIP trunk',
  out: 'Calling out', everybody: 'everybody', outGroups: 'Skill groups that may show it', outHint: 'None: everybody may.', state: 'State', on: 'In use', off: 'Switched off',
  delete: 'Delete {number}?', deleteHint: 'Calls to it are refused from now on.', empty: 'No number yet', emptyHint: 'Add the numbers that your carrier gave you.', noTrunk: 'Numbers live on a SIP trunk: set one up first.',
  sets: 'Number groups', setsHint: 'A call-out may choose among the numbers of a group (servingNumberGroupIds).', addSet: 'New number group', editSet: 'Change number group', setName: 'Name', setId: 'ID', noSets: 'No number group yet', deleteSet: 'Delete the group {name}?',
}
const zh: typeof en = {
  title: '号码', intro: '公司的电话号码：由哪个流程接听，以及谁可以用它外呼。', add: '新建号码', edit: '修改号码',
  number: '号码', numberHint: '含国家码：0086…', remark: '备注', flow: '流程', noFlow: '拒接来电', flowHint: '未绑定流程时拒接来电。', trunk: 'SIP 中继',
  out: '允许外呼', everybody: '所有人', outGroups: '可用于外显的技能组', outHint: '不选则所有人可用。', state: '状态', on: '启用', off: '停用',
  delete: '删除 {number}？', deleteHint: '此后呼入该号码将被拒接。', empty: '暂无号码', emptyHint: '请添加运营商分配的号码。', noTrunk: '号码依附于 SIP 中继，请先创建中继。',
  sets: '号码组', setsHint: '外呼时可在号码组内选择主叫号码（servingNumberGroupIds）。', addSet: '新建号码组', editSet: '修改号码组', setName: '名称', setId: 'ID', noSets: '暂无号码组', deleteSet: '删除号码组 {name}？',
}

export const numbers = { en, zh }
