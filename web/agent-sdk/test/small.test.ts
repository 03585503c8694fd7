import { describe, expect, it, vi } from 'vitest'
import { isBrowserSupported } from '../src/devices'
import { Emitter } from '../src/emitter'
import { readOptions } from '../src/options'

describe('the script tag', () => {
  it('is read from the SdkURL', () => {
    const src = 'https://desk.example.com/sdk/agent.js?token=t&sdkAppId=1400000001&userId=alice%40demo.openseat'
    expect(readOptions({ src, dataset: { renderDomId: 'bar' } }, 'zh-CN')).toEqual({
      url: 'wss://desk.example.com/sdk/agent',
      token: 't',
      sdkAppId: '1400000001',
      userId: 'alice@demo.openseat',
      renderDomId: 'bar',
      lang: 'zh',
      shared: false,
    })
  })

  it('may carry the login itself, as older pages do', () => {
    const dataset = { token: 't', sdkAppId: '1400000001', userid: 'alice', lang: 'en-GB' }
    const got = readOptions({ src: 'http://127.0.0.1:8080/sdk/agent.js', dataset }, 'zh-CN')
    expect(got).toMatchObject({ url: 'ws://127.0.0.1:8080/sdk/agent', token: 't', userId: 'alice', lang: 'en' })
  })
})

describe('sharing of one login', () => {
  const src = 'https://desk.example.com/sdk/agent.js'
  it.each([
    [undefined, false],
    ['true', true],
    ['', true],
    ['false', false],
  ])('data-enable-shared=%s', (enableShared, shared) => {
    expect(readOptions({ src, dataset: { enableShared } }, 'en').shared).toBe(shared)
  })
})

describe('events', () => {
  it('reach everybody though one listener fails, and nobody twice', () => {
    const emitter = new Emitter()
    const error = vi.spyOn(console, 'error').mockReturnValue()
    const heard = vi.fn()
    emitter.on('callIn', () => {
      throw new Error('of the page')
    })
    emitter.on('callIn', heard)
    emitter.on('callIn', heard)
    emitter.emit('callIn', { sessionId: 's1' })
    expect(heard).toHaveBeenCalledTimes(1)
    expect(error).toHaveBeenCalledTimes(1)
    emitter.off('callIn', heard)
    emitter.emit('callIn', { sessionId: 's1' })
    expect(heard).toHaveBeenCalledTimes(1)
  })

  it('have payloads that survive JSON', () => {
    const emitter = new Emitter()
    const heard = vi.fn()
    emitter.on('sessionEnded', heard)
    emitter.emit('sessionEnded', { sessionId: 's1', closeBy: 'client' })
    expect(JSON.stringify(heard.mock.calls[0]?.[0])).toBe('{"sessionId":"s1","closeBy":"client","data":{"sessionId":"s1","closeBy":"client"}}')
  })
})

describe('browsers', () => {
  const chrome = (v: number) => `Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${v}.0.0.0 Safari/537.36`
  it.each([
    ['Chrome 55', chrome(55), false],
    ['Chrome 56', chrome(56), true],
    ['Edge 79', `${chrome(79)} Edg/79.0.0.0`, false],
    ['Edge 80', `${chrome(80)} Edg/80.0.0.0`, true],
    ['Firefox', 'Mozilla/5.0 (X11; rv:140.0) Gecko/20100101 Firefox/140.0', true],
  ])('%s', (_, userAgent, supported) => {
    expect(isBrowserSupported(userAgent, true)).toBe(supported)
    expect(isBrowserSupported(userAgent, false)).toBe(false)
  })
})
