// Sending a sound to the server, with the share that has arrived: fetch does not tell it.
import { ApiError, asker } from '../../api/client'
import type { Sound } from '../../api/types'

export const mostBytes = 5 << 20

/** wrongWith says why a file cannot be a prompt; empty when it can. */
export function wrongWith(file: { name: string; size: number }): '' | 'wrongKind' | 'tooBig' {
  if (!/\.(wav|mp3)$/i.test(file.name)) return 'wrongKind'
  return file.size > mostBytes ? 'tooBig' : ''
}

/** nameOf is a prompt's name after its file. */
export const nameOf = (file: string) => file.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '').slice(0, 64)

/** base64 reads a file. */
export function base64(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''))
    reader.onerror = () => reject(new ApiError('Unreadable', reader.error?.message ?? ''))
    reader.readAsDataURL(file)
  })
}

interface Answer {
  Response: { Sound?: Sound; Error?: { Code: string; Message: string } }
}

/** put uploads a prompt; arrived is told shares from 0 to 1. */
export function put(name: string, data: string, arrived: (share: number) => void, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const x = new XMLHttpRequest()
    x.open('POST', '/')
    for (const [k, v] of Object.entries({
      'Content-Type': 'application/json', 'X-TC-Action': 'PutSound', 'X-TC-Version': '2026-01-01', 'X-TC-Language': asker.language, 'X-CSRF-Token': asker.csrf,
    })) x.setRequestHeader(k, v)
    x.upload.onprogress = (e) => arrived(e.lengthComputable ? e.loaded / e.total : 0)
    x.onload = () => {
      const failed = failure(x)
      if (failed) reject(failed)
      else resolve()
    }
    x.onerror = () => reject(new ApiError('Unreachable', ''))
    x.onabort = () => reject(new ApiError('Aborted', ''))
    signal?.addEventListener('abort', () => x.abort(), { once: true })
    x.send(JSON.stringify({ SdkAppId: asker.sdkAppId, Name: name, Data: data }))
  })
}

function failure(x: XMLHttpRequest): ApiError | null {
  let answer: Answer
  try {
    answer = JSON.parse(x.responseText) as Answer
  } catch {
    return new ApiError('Unreachable', `HTTP ${x.status}`)
  }
  const failed = answer.Response.Error
  if (!failed) return null
  if (failed.Code === 'AuthFailure.SignedOut') asker.signedOut()
  return new ApiError(failed.Code, failed.Message)
}
