import { AgentFace } from '../src/ui/face'
import type { Shell } from '../src/ui/shell'
import { Fake } from './fake'
import { scenes } from './scenes'

// One state of the face, named by the query: ?scene=ringing&lang=zh&theme=dark. Without a scene, links to all.

const query = new URLSearchParams(location.search)
const lang = query.get('lang') === 'zh' ? 'zh' : 'en'
const name = query.get('scene') ?? ''
const scene = scenes[name]

if (scene) {
  const office = new Fake(lang)
  const face = new AgentFace({ lang, userId: office.options.userId, renderDomId: scene.inline ? 'desk' : '' })
  const shell = (face as unknown as { shell: Shell }).shell
  office.changed = () => face.refresh()
  if (!scene.inline) document.querySelector('#desk')?.remove()
  shell.kept = { ...shell.kept, theme: query.get('theme') === 'dark' ? 'dark' : 'light', seen: name === 'float' ? 0 : Date.now() }
  scene.set(office, shell)
  face.show(office)
  Object.assign(window, { face, office, shell })
} else {
  for (const key of Object.keys(scenes)) {
    const link = document.createElement('a')
    link.href = `?scene=${key}`
    link.textContent = key
    link.style.margin = '4px 12px'
    document.body.append(link)
  }
}
