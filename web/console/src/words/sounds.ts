const en = {
  title: 'Prompts', intro: 'Recorded or spoken sentences that flows play.', upload: 'Upload', speak: 'From text', name: 'Name', nameHint: 'Flows find it by this name.', length: 'Length', size: 'Size', says: 'Says', recorded: 'recorded', usedBy: 'Flows', unused: 'no flow',
  made: 'Made', file: 'Sound file', fileHint: 'WAV (16 bit, A-law or µ-law) or MP3, at most 5 MB.', choose: 'Choose a file', drop: 'or drop it here', tooBig: 'This file has {size} MB; at most 5 MB are possible.', wrongKind: 'Only WAV and MP3 files can be used.', reading: 'Reading …', sending: 'Uploading … {n} %',
  text: 'Text', textHint: 'The speech engine of the server says it.', lang: 'Language', byLetters: 'by its letters', chinese: 'Chinese', english: 'English', hear: 'Hear {name}', stop: 'Stop', replace: 'Replace', delete: 'Delete {name}?', deleteHint: 'Drafts that play it go on without it.',
  replaceSure: 'There is a prompt of this name. It will be replaced, also in the flows that play it.', empty: 'No prompt yet', emptyHint: 'Flows can also speak texts without one. Upload a recording for a voice of your own.', cannotPlay: 'The sound could not be played.',
}
const zh: typeof en = {
  title: '语音文件', intro: '流程播放的录音或合成语音。', upload: '上传', speak: '文字合成', name: '名称', nameHint: '流程通过该名称引用。', length: '时长', size: '大小', says: '内容', recorded: '录音', usedBy: '流程', unused: '没有流程',
  made: '创建时间', file: '音频文件', fileHint: 'WAV（16 位、A-law 或 µ-law）或 MP3，不超过 5 MB。', choose: '选择文件', drop: '或拖到此处', tooBig: '文件有 {size} MB，最多 5 MB。', wrongKind: '仅支持 WAV 和 MP3 文件。', reading: '正在读取 …', sending: '正在上传 … {n} %',
  text: '文字', textHint: '由服务器的语音引擎合成。', lang: '语言', byLetters: '自动识别', chinese: '中文', english: '英文', hear: '播放 {name}', stop: '停止', replace: '替换', delete: '删除 {name}？', deleteHint: '引用它的草稿将跳过它。',
  replaceSure: '已有同名语音，将被替换，正在使用它的流程也会随之改变。', empty: '暂无语音文件', emptyHint: '流程也可以直接朗读文字；上传录音可使用自己的声音。', cannotPlay: '无法播放该语音。',
}

export const sounds = { en, zh }
