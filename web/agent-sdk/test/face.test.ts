// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AgentFace } from '../src/ui/face'
import { clock, phone } from '../src/ui/format'
import { Refusal, ringing, settled, World } from './world'

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  document.body.innerHTML = ''
})

/** A signed-in page with its face; `lang` and `renderDomId` as in the script tag. */
async function shown(options: Partial<ConstructorParameters<typeof AgentFace>[0]> = {}) {
  const face = new AgentFace({ url: '', token: '', sdkAppId: '', userId: 'alice', renderDomId: '', lang: 'en', ...options })
  const world = new World(face)
  world.client.start()
  await settled()
  const root = () => document.querySelector('openseat-agent')?.shadowRoot?.querySelector('.root')
  const find = (selector: string) => root()?.querySelector<HTMLElement>(selector) ?? undefined
  const click = async (selector: string) => {
    const button = find(selector)
    if (!button) throw new Error(`there is no ${selector} in ${root()?.innerHTML ?? 'nothing'}`)
    button.click()
    await settled()
  }
  return { world, face, root, find, click }
}

describe('the face', () => {
  it('rings, is answered, shows the talk, hangs up', async () => {
    const { world, find, click } = await shown()
    expect(find('.bar')).toBeUndefined()
    world.server.event('callIn', ringing)
    await settled()
    expect(find('.bar')?.getAttribute('role')).toBe('alertdialog')
    expect(find('.bar')?.textContent).toContain('138 0013 8000')
    expect(find('.bar')?.textContent).toContain('Support')
    await click('[aria-label=Accept]')
    expect(world.server.asked('call.accept')).toHaveLength(1)
    world.server.event('userAccessed', { sessionId: 's1' })
    await vi.advanceTimersByTimeAsync(7_000)
    expect(find('.bar .state')?.textContent).toMatch(/In call0:0[67]/)
    await click('[aria-label=Mute]')
    expect(find('[aria-label=Unmute]')?.getAttribute('aria-pressed')).toBe('true')
    await click('[aria-label=Hold]')
    expect(find('.bar .state')?.textContent).toContain('On hold')
    await click('[aria-label=Keypad]')
    await click('.bar .keypad [aria-label="5"]')
    expect(world.server.asked('call.digits')).toEqual([{ sessionId: 's1', digits: '5' }])
    await click('[aria-label="Hang up"]')
    world.server.event('sessionEnded', { sessionId: 's1', closeBy: 'seat' })
    await settled()
    expect(find('.bar')).toBeUndefined()
  })

  it('says in the agent’s language that the microphone is not allowed', async () => {
    const { world, find, click } = await shown({ lang: 'zh' })
    world.denied = 'NotAllowedError'
    world.server.event('callIn', ringing)
    await settled()
    await click('[aria-label=接听]')
    expect(find('.hint')?.textContent).toContain('麦克风')
    await click('.hint button')
    expect(find('.hint')).toBeUndefined()
  })

  it('dials, and shows why it cannot', async () => {
    const { world, find, click } = await shown()
    await click('.float')
    for (const key of '10086') await click(`.dialer [aria-label="${key}"]`)
    world.server.answers['call.start'] = () => new Refusal('FailedOperation.NoCallOutNumber')
    await click('.call')
    expect(world.server.asked('call.start')[0]).toMatchObject({ phoneNumber: '10086' })
    expect(find('.hint')?.textContent).toContain('no number you may call out with')
  })

  it('changes the status, and asks for the reason of a rest', async () => {
    const { world, find, click } = await shown()
    await click('.float')
    await click('.segments button:nth-child(2)')
    expect(world.server.asked('agent.setStatus')).toEqual([{ status: 'notReady', restReason: '' }])
    await click('.segments button:nth-child(3)')
    await click('.reasons button')
    expect(world.server.asked('agent.setStatus')[1]).toEqual({ status: 'rest', restReason: 'lunch' })
    world.server.event('statusChanged', { status: 'rest', reason: 'lunch', since: 9 })
    await settled()
    expect(find('.me')?.textContent).toContain('Rest (lunch)')
  })

  it('shows and hides what the page wants', async () => {
    const { world, face, find } = await shown()
    const hidden = () => document.querySelector<HTMLElement>('openseat-agent')?.style.display === 'none'
    for (const [hide, show, selector] of [
      [() => face.api.hidefloatButton(), () => face.api.showfloatButton(), '.float'],
      [() => face.api.hideWorkbench(), () => face.api.showWorkbench(), '.workbench'],
      [() => face.api.hideNotificationBar(), () => face.api.showNotificationBar(), '.bar'],
    ] as const) {
      world.server.event('callIn', ringing)
      hide()
      await settled()
      expect(find(selector)).toBeUndefined()
      show()
      await settled()
      expect(find(selector)).toBeDefined()
    }
    face.api.hide()
    await settled()
    expect(hidden()).toBe(true)
    face.api.show()
    await settled()
    expect(hidden()).toBe(false)
  })

  it('lives in the element the page names, and goes without a trace', async () => {
    document.body.innerHTML = '<section id="desk"></section>'
    const { world, find } = await shown({ renderDomId: 'desk' })
    expect(document.querySelector('#desk > openseat-agent')).not.toBeNull()
    expect(find('.float')).toBeUndefined()
    expect(find('.workbench')).toBeDefined()
    world.client.stop(true)
    expect(document.querySelector('openseat-agent')).toBeNull()
  })

  it('keeps its keys from the shortcuts of the page', async () => {
    const { find, click } = await shown()
    await click('.float')
    const heard = vi.fn()
    document.addEventListener('keydown', heard)
    find('input')?.dispatchEvent(new KeyboardEvent('keydown', { key: '1', bubbles: true, composed: true }))
    expect(heard).not.toHaveBeenCalled()
    document.removeEventListener('keydown', heard)
  })
})

describe('numbers and times', () => {
  it.each([
    ['008613800138000', '138 0013 8000'],
    ['00864008001000', '4008001000'],
    ['0044207946000', '+44207946000'],
    ['1001', '1001'],
  ])('%s', (number, shown) => expect(phone(number)).toBe(shown))

  it.each([
    [-5, '0:00'],
    [7_400, '0:07'],
    [750_000, '12:30'],
    [3_723_000, '1:02:03'],
  ])('%d ms', (ms, shown) => expect(clock(ms)).toBe(shown))
})
