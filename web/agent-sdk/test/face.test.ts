// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AgentFace } from '../src/ui/face'
import { Refusal, ringing, World } from './world'

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  document.body.innerHTML = ''
  localStorage.clear()
})

/** Lets everything happen that was begun, effects after the painting too. */
const settled = () => vi.advanceTimersByTimeAsync(120)

const roster = {
  groups: [
    { skillGroupId: 1, skillGroupName: 'Support', type: 0, waiting: 2, free: 0, online: 3 },
    { skillGroupId: 2, skillGroupName: 'Sales', type: 0, waiting: 0, free: 1, online: 1 },
  ],
  agents: [
    { userId: 'bob@demo.openseat', name: 'Bob', staffNumber: '1002', status: 'free', since: 1, skillGroups: [1] },
    { userId: 'dave@demo.openseat', name: 'Dave', staffNumber: '1004', status: 'offline', skillGroups: [2] },
  ],
}

/** A signed-in page with its face; `lang` and `renderDomId` as in the script tag. */
async function shown(options: Partial<ConstructorParameters<typeof AgentFace>[0]> = {}) {
  const face = new AgentFace({ userId: 'alice', renderDomId: '', lang: 'en', ...options })
  const world = new World({ face })
  Object.assign(world.server.answers, {
    'records.mine': () => ({ records: [] }),
    'numbers.mine': () => ({ numbers: [] }),
    'roster.watch': () => roster,
    'note.get': () => ({ category: '', resolved: false, text: '', categories: ['Order', 'Complaint'] }),
    'call.invite': () => ({ memberId: 'a2' }),
  })
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
  const type = async (selector: string, text: string) => {
    const input = find(selector) as HTMLInputElement
    input.value = text
    input.dispatchEvent(new Event('input', { bubbles: true }))
    await settled()
  }
  const key = async (target: EventTarget, init: KeyboardEventInit) => {
    target.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, composed: true, cancelable: true, ...init }))
    await settled()
  }
  const talk = async () => {
    world.server.event('callIn', ringing)
    await settled()
    await click('[aria-label=Answer]')
    world.server.event('userAccessed', { sessionId: 's1' })
    await settled()
  }
  return { world, face, root, find, click, type, key, talk }
}

describe('the bar', () => {
  it('rings, is answered, shows the talk, hangs up', async () => {
    const { world, find, click, talk } = await shown()
    expect(find('.bar')).toBeUndefined()
    world.server.event('callIn', ringing)
    await settled()
    expect(find('.bar')?.getAttribute('role')).toBe('alertdialog')
    expect(find('.bar')?.textContent).toContain('138 0013 8000')
    expect(find('.path')?.textContent).toContain('Support')
    expect(find('.float .badge')?.textContent).toBe('1')
    await talk()
    expect(world.server.asked('call.accept')).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(7_000)
    expect(find('.bar .state')?.textContent).toMatch(/In call0:0[67]/)
    await click('[aria-label=Mute]')
    expect(find('[aria-label=Unmute]')?.getAttribute('aria-pressed')).toBe('true')
    await click('[aria-label=Hold]')
    expect(find('.bar .state')?.textContent).toContain('On hold')
    await click('[aria-label="Hang up"]')
    world.server.event('sessionEnded', { sessionId: 's1', closeBy: 'seat' })
    await settled()
    expect(find('.bar')).toBeUndefined()
  })

  it('sends keys, and shows which', async () => {
    const { world, find, click, talk } = await shown()
    await talk()
    await click('[aria-label=Keypad]')
    for (const key of '47#') await click(`.digits [aria-label="${key}"]`)
    expect(world.server.asked('call.digits').map((p) => p['digits'])).toEqual(['4', '7', '#'])
    expect(find('.digits output')?.textContent).toBe('47#')
  })

  it('hands a customer on to a group, and takes it back', async () => {
    const { world, find, click, talk } = await shown()
    await talk()
    await click('[aria-label=Transfer]')
    expect(find('.targets')?.textContent).toContain('2 waiting')
    await click('.targets [role=option]')
    expect(world.server.asked('call.transfer')).toEqual([{ sessionId: 's1', skillGroupId: '1' }])
    world.server.event('transfer', { sessionId: 's1', skillGroupId: '1' })
    await settled()
    expect(find('.bar')?.textContent).toContain('Handing over to Support')
    await click('.bar .banner button')
    expect(world.server.asked('call.transferCancel')).toEqual([{ sessionId: 's1' }])
    world.server.event('transferFailed', { sessionId: 's1', skillGroupId: '1', code: '-8001', reason: 'nobody' })
    await settled()
    expect(find('.bar .banner')?.textContent).toContain('Support did not take the call')
    await click('.bar .banner .icon')
    expect(find('.bar .banner')).toBeUndefined()
  })

  it('asks a colleague first, found by the keyboard, then hands over', async () => {
    const { world, find, click, type, key, talk } = await shown()
    await talk()
    await click('[aria-label=Transfer]')
    await click('.picker .segments button:nth-child(2)')
    await type('.picker input', 'bo')
    expect(find('.targets')?.textContent).toContain('Bob')
    expect(find('.targets')?.textContent).not.toContain('Dave')
    await key(find('.picker input') as HTMLElement, { key: 'Enter' })
    expect(world.server.asked('call.invite')).toEqual([{ sessionId: 's1', callee: { userId: 'bob@demo.openseat' }, allowQueue: true }])
    world.server.event('memberStateChanged', { sessionId: 's1', memberId: 'c', type: 'customer', state: 'held' })
    world.server.event('memberStateChanged', { sessionId: 's1', memberId: 'a2', type: 'agent', userId: 'bob@demo.openseat', state: 'talking' })
    await settled()
    expect(find('.bar .state')?.textContent).toContain('Consulting')
    expect(find('.team')?.textContent).toContain('Bob')
    await click('.team .actions button:first-child')
    expect(world.server.asked('call.reconnect')).toEqual([{ sessionId: 's1' }])
    await click('.team .actions .primary')
    expect(world.server.asked('call.hungUp')).toEqual([{ sessionId: 's1' }])
  })

  it('does not offer whom nobody can reach', async () => {
    const { world, find, click, type, talk } = await shown()
    await talk()
    await click('[aria-label=Transfer]')
    await type('.picker input', 'dave')
    expect(find('.targets [role=option]')?.getAttribute('aria-disabled')).toBe('true')
    await click('.targets [role=option]')
    expect(world.server.asked('call.transfer')).toEqual([])
  })

  it('asks an outside number whatever the way is', async () => {
    const { world, click, type, talk } = await shown()
    await talk()
    await click('[aria-label=Transfer]')
    await type('.picker input', '138 0000 0001')
    await click('.targets [role=option]')
    expect(world.server.asked('call.invite')).toMatchObject([{ callee: { phone: '138 0000 0001' } }])
  })

  it('warns of sound that goes one way', async () => {
    const { world, find, talk } = await shown()
    await talk()
    world.server.event('mediaOneWay', { sessionId: 's1', side: 'customer', direction: 'in' })
    await settled()
    expect(find('.bar [role=alert]')?.textContent).toContain('Nothing is heard from the customer')
    world.server.event('mediaRestored', { sessionId: 's1', side: 'customer', direction: 'in' })
    await settled()
    expect(find('.bar [role=alert]')).toBeUndefined()
  })

  it('says in passing that another microphone is used', async () => {
    const { world, find, talk } = await shown()
    await talk()
    world.devices.microphones = ['headset']
    world.devices.last.pull()
    await settled()
    expect(find('.bars > .banner')?.textContent).toContain('Another microphone is used now: the headset')
    await vi.advanceTimersByTimeAsync(7_000)
    expect(find('.bars > .banner')).toBeUndefined()
  })

  it('offers to bring a call’s sound from another tab', async () => {
    const { world, find, click, talk } = await shown()
    await talk()
    expect(find('.bar .banner')).toBeUndefined()
    world.server.event('callChanged', { sessionId: 's1', muted: false, held: false, tabUUID: 'tab-2' })
    await settled()
    expect(find('.bar .banner')?.textContent).toContain('in another tab')
    await click('.bar .banner button')
    expect(world.server.asked('media.offer').length).toBeGreaterThan(0)
  })

  it('says in the agent’s language that the microphone is not allowed', async () => {
    const { world, find, click } = await shown({ lang: 'zh' })
    world.devices.denied = 'NotAllowedError'
    world.server.event('callIn', ringing)
    await settled()
    await click('[aria-label=接听]')
    expect(find('.banner')?.textContent).toContain('麦克风')
    await click('.banner [aria-label=知道了]')
    expect(find('.banner')).toBeUndefined()
  })
})

describe('the workbench', () => {
  it('dials, and shows why it cannot', async () => {
    const { world, find, click } = await shown()
    await click('.float')
    for (const key of '10086') await click(`.dialer [aria-label="${key}"]`)
    world.server.answers['call.start'] = () => new Refusal('FailedOperation.NoCallOutNumber')
    await click('.dialCall')
    expect(world.server.asked('call.start')[0]).toMatchObject({ phoneNumber: '10086' })
    expect(find('.banner')?.textContent).toContain('no number you may call out with')
  })

  it('changes the status, and asks for the reason of a rest', async () => {
    const { world, find, click, key } = await shown()
    await click('.float')
    await click('.statusButton')
    await click('.sheet [role=menuitemradio]:nth-of-type(2)')
    expect(world.server.asked('agent.setStatus')).toEqual([{ status: 'notReady', restReason: '' }])
    await click('.statusButton')
    await click('.sheet [role=group] button')
    expect(world.server.asked('agent.setStatus')[1]).toEqual({ status: 'rest', restReason: 'lunch' })
    world.server.event('statusChanged', { status: 'rest', reason: 'lunch', since: 9 })
    await settled()
    expect(find('.statusButton')?.textContent).toContain('Break · lunch')
    await click('.statusButton')
    await key(find('.sheet button') as HTMLElement, { key: 'Escape' })
    expect(find('.sheet')).toBeUndefined()
    expect(find('.workbench')).toBeDefined()
  })

  it('keeps the notes of a call open until they are put away', async () => {
    const { world, find, click, type, talk } = await shown()
    await talk()
    await click('.float')
    await type('.note textarea', 'a parcel')
    world.server.event('sessionEnded', { sessionId: 's1', closeBy: 'client' })
    world.server.event('statusChanged', { status: 'arrange', since: 9, until: Date.now() + 30_500 })
    await settled()
    expect(find('.note')?.textContent).toContain('After the call')
    expect(find('.remaining')?.textContent).toBe('0:30')
    await click('.note .primary')
    expect(world.server.asked('note.put')).toEqual([{ sessionId: 's1', category: '', resolved: false, text: 'a parcel' }])
    expect(world.server.asked('agent.setStatus')).toMatchObject([{ status: 'free' }])
    expect(find('.note')).toBeUndefined()
  })

  it('counts missed calls until they are looked at', async () => {
    const { world, find, click } = await shown()
    const missed = { sessionId: 'm1', direction: 0, callerPhoneNumber: '008613800138000', calleePhoneNumber: '', startAt: Date.now(), duration: 0, missed: true }
    world.server.answers['records.mine'] = () => ({ records: [missed] })
    world.server.event('callIn', ringing)
    world.server.event('sessionEnded', { sessionId: 's1', closeBy: 'client' })
    await settled()
    expect(find('.float .badge')?.textContent).toBe('1')
    await click('.float')
    await click('.rail [data-view=records]')
    await settled()
    expect(find('.rail .badge')).toBeUndefined()
    await click('.rows .callBack')
    expect(world.server.asked('call.start')).toMatchObject([{ phoneNumber: '008613800138000' }])
  })

  it('shows what could not be loaded, and tries again', async () => {
    const { world, find, click } = await shown()
    world.server.answers['records.day'] = () => new Refusal('Timeout')
    await click('.float')
    await click('.rail [data-view=day]')
    await settled()
    expect(find('.empty')?.textContent).toContain('did not answer in time')
    world.server.answers['records.day'] = () => ({ callsIn: 3, callsOut: 1, missed: 0, talkSeconds: 240, longestSeconds: 90, statuses: [], hours: [] })
    await click('.empty .button')
    expect(find('.figures')?.textContent).toContain('Average talk 1:00')
  })

  it('is for supervisors what they may see only', async () => {
    const { find, click } = await shown()
    await click('.float')
    expect(find('.rail [data-view=watch]')).toBeUndefined()
  })

  it('says that the agent has signed in elsewhere', async () => {
    const { world, find, click } = await shown()
    await click('.float')
    world.server.event('kickedOut')
    world.server.socket.break(4001)
    await settled()
    expect(find('.stopped')?.textContent).toContain('Signed in elsewhere')
  })
})

describe('in somebody’s page', () => {
  it('shows and hides what the page wants', async () => {
    const { world, face, find } = await shown()
    const hidden = () => document.querySelector<HTMLElement>('openseat-agent')?.style.display === 'none'
    world.server.event('callIn', ringing)
    for (const [hide, show, selector] of [
      [() => face.api.hidefloatButton(), () => face.api.showfloatButton(), '.float'],
      [() => face.api.hideNotificationBar(), () => face.api.showNotificationBar(), '.bar'],
      [() => face.api.hideWorkbench(), () => face.api.showWorkbench(), '.workbench'],
    ] as const) {
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

  it('is mounted where the page wants, as often as it wants', async () => {
    document.body.innerHTML = '<section id="one"></section><section id="two"></section>'
    const { face, find, click, world } = await shown()
    for (const place of ['one', 'two', 'two']) {
      face.api.mount(place)
      await settled()
      expect(document.querySelectorAll('openseat-agent')).toHaveLength(1)
      expect(document.querySelector(`#${place} > openseat-agent`)).not.toBeNull()
    }
    await click('.statusButton')
    await click('.sheet [role=menuitemradio]')
    expect(world.server.asked('agent.setStatus')).toHaveLength(1)
    face.api.mount()
    await settled()
    expect(document.querySelector('body > openseat-agent')).not.toBeNull()
    expect(find('.float')).toBeDefined()
  })

  it('finds its place when the page draws it later, and again when the page draws itself anew', async () => {
    const { world, find } = await shown({ renderDomId: 'desk' })
    expect(find('.float')).toBeDefined()
    for (let i = 0; i < 2; i++) {
      document.body.innerHTML = '<main><section id="desk"></section></main>'
      world.server.event('statusChanged', { status: 'free', since: 100 + i })
      await settled()
      expect(document.querySelectorAll('#desk > openseat-agent')).toHaveLength(1)
      expect(find('.statusButton')).toBeDefined()
    }
  })

  it('keeps its keys from the shortcuts of the page', async () => {
    const { find, click, key } = await shown()
    await click('.float')
    const heard = vi.fn()
    document.addEventListener('keydown', heard)
    await key(find('input') as HTMLElement, { key: '1' })
    expect(heard).not.toHaveBeenCalled()
    document.removeEventListener('keydown', heard)
  })

  it('has shortcuts in the whole page, and a sheet that tells them', async () => {
    const { world, find, key } = await shown()
    const press = (code: string) => key(document.body, { code, altKey: true, shiftKey: true })
    world.server.event('callIn', ringing)
    await settled()
    await press('KeyP')
    expect(world.server.asked('call.accept')).toHaveLength(1)
    world.server.event('userAccessed', { sessionId: 's1' })
    await settled()
    await press('KeyO')
    expect(world.server.asked('call.hold')).toEqual([{ sessionId: 's1', on: true }])
    await press('KeyS')
    expect(find('[role=dialog]')?.textContent).toContain('Answer')
    await key(find('[role=dialog] button') as HTMLElement, { key: 'Escape' })
    expect(find('[role=dialog]')).toBeUndefined()
    await press('KeyW')
    expect(find('.workbench')).toBeUndefined()
    await press('KeyH')
    expect(world.server.asked('call.hungUp')).toEqual([{ sessionId: 's1' }])
  })
})
