// Writes docs/reference/agent-sdk.md from the public types and their comments.
import { readFileSync, writeFileSync } from 'node:fs'
import ts from 'typescript'

/** The parts of window.tccc, in the order they are told in, with the interface of each. */
const parts = { Call: 'CallApi', Agent: 'AgentApi', Admin: 'AdminApi', Devices: 'DevicesApi', UI: 'UiApi' }
const hidden = new Set(['Tccc', 'EventMap', ...Object.values(parts)]) // told otherwise than as a type

const folder = new URL('../src/types/', import.meta.url)
const declared = new Map() // the exported declarations by name, in the order of the files
for (const file of ['tccc', 'call', 'agent', 'admin', 'devices', 'ui', 'events', 'results']) {
  const source = ts.createSourceFile(file, readFileSync(new URL(`${file}.ts`, folder), 'utf8'), ts.ScriptTarget.Latest, true)
  source.forEachChild((node) => {
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) declared.set(node.name.text, node)
  })
}

const anchor = (heading) => heading.toLowerCase().replaceAll(/[^a-z0-9 _-]/g, '').replaceAll(' ', '-')
const oneLine = (node) => node.getText().replaceAll(/\/\*\*[\s\S]*?\*\/|\/\/.*$/gm, '').replaceAll(/\s+/g, ' ')
const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

/** The comment over a declaration. */
function comment(node) {
  const docs = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc)
  return docs.map((d) => ts.getTextOfJSDocComment(d.comment) ?? '').join('\n').trim()
}

/** A type as the tables show it: what is explained here is a link. */
function shown(type) {
  if (!type) return ''
  const text = oneLine(type)
  const named = [...text.matchAll(/\b[A-Z]\w+\b/g)].map(([name]) => name).filter((name) => declared.has(name) && !hidden.has(name))
  const links = [...new Set(named)].filter((name) => name !== text).map((name) => `[${name}](#${anchor(name)})`)
  if (named.length === 1 && named[0] === text) return `[${text}](#${anchor(text)})`
  return ['`' + cell(text) + '`', ...links].join(' ')
}

/** The fields of an interface or of a type written out, those it inherits first. */
function fields(node) {
  if (ts.isInterfaceDeclaration(node)) {
    const parents = (node.heritageClauses ?? []).flatMap((h) => h.types).map((t) => declared.get(t.expression.getText()))
    return [...parents.filter(Boolean).flatMap(fields), ...node.members]
  }
  if (ts.isTypeAliasDeclaration(node)) return fields(node.type)
  if (ts.isIntersectionTypeNode(node)) return node.types.flatMap(fields)
  if (ts.isTypeLiteralNode(node)) return [...node.members]
  if (ts.isTypeReferenceNode(node) && declared.has(node.typeName.getText())) return fields(declared.get(node.typeName.getText()))
  return []
}

function table(members) {
  const rows = members.filter(ts.isPropertySignature).map((m) => {
    const name = '`' + m.name.getText() + (m.questionToken ? '?' : '') + '`'
    return `| ${name} | ${shown(m.type)} | ${cell(comment(m))} |`
  })
  return rows.length > 0 ? ['| field | type | |', '|---|---|---|', ...rows, ''] : []
}

/** A method, with what its options are when they have a name of their own. */
function method(owner, m) {
  const links = [...new Set(oneLine(m).match(/\b[A-Z]\w+\b/g))].filter((name) => declared.has(name) && !hidden.has(name) && name !== 'Success')
  const see = links.length > 0 ? ['See ' + links.map((name) => `[${name}](#${anchor(name)})`).join(', ') + '.', ''] : []
  return [`### ${owner}.${m.name.getText()}`, '', '```ts', `tccc.${owner}.${oneLine(m)}`, '```', '', comment(m), '', ...see]
}

function part([owner, name]) {
  const node = declared.get(name)
  const methods = node.members.filter(ts.isMethodSignature)
  return [`## tccc.${owner}`, '', comment(node), '', ...methods.flatMap((m) => method(owner, m))]
}

function event(member) {
  return [`### ${member.name.getText()}`, '', comment(member), '', ...table(fields(member.type))]
}

/** A type: a table of its fields, or how it is written. */
function type([name, node]) {
  const rows = table(fields(node))
  const body = rows.length > 0 ? rows : ['```ts', oneLine(node).replace(/^export /, ''), '```', '']
  return [`### ${name}`, '', comment(node), '', ...body]
}

function top(node) {
  const rows = node.members.filter((m) => !(m.name.getText() in parts)).map((m) => {
    const text = ts.isMethodSignature(m) ? oneLine(m) : `${m.name.getText()}: ${oneLine(m.type)}`
    return `| \`${cell(text)}\` | ${cell(comment(m))} |`
  })
  return ['| member | |', '|---|---|', ...rows, '']
}

const page = [
  '<!-- Written by `make generate` from web/agent-sdk/src/types; do not edit. -->',
  '# The agent SDK: `window.tccc`',
  '',
  'Every method, event and type. [Embed the agent SDK](../guides/embed-the-agent-sdk.md) is where to begin;',
  '[its errors](errors.md#agent-sdk) have a page of their own. For TypeScript, the same as one declaration file is served as `/sdk/agent.d.ts`.',
  '',
  ...top(declared.get('Tccc')),
  ...Object.entries(parts).flatMap(part),
  '## Events',
  '',
  '`tccc.on(tccc.events.callIn, (e) => …)` or `tccc.on(\'callIn\', …)`. A listener is given the fields below, and all of them again under `data`.',
  '',
  ...declared.get('EventMap').members.flatMap(event),
  '## Types',
  '',
  ...[...declared].filter(([name]) => !hidden.has(name)).flatMap(type),
]
const text = page.join('\n').replaceAll(/\n{3,}/g, '\n\n').trimEnd() + '\n'
writeFileSync(new URL('../../../docs/reference/agent-sdk.md', import.meta.url), text)
