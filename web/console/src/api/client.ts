// The cloud API as the console speaks it: signed by the session's cookie instead of a key.
import { reactive } from 'vue'

import { ownActions, type OwnActions, type TencentActions } from './types'

export type Actions = TencentActions & OwnActions

/** ApiError is a refusal, with a code of the cloud API or of the console's door. */
export class ApiError extends Error {
  constructor(readonly code: string, message: string) {
    super(message)
  }
}

/** What every request carries; the session fills it in. */
export const asker = reactive({ sdkAppId: 0, csrf: '', language: 'en-US', signedOut: () => {} })

const tencentVersion = '2020-02-10'
const ownVersion = '2026-01-01'

interface Envelope<T> {
  Response: T & { Error?: { Code: string; Message: string } }
}

/** call asks for an action of the cloud API. SdkAppId is added. */
export async function call<A extends keyof Actions>(action: A, params: Omit<Actions[A]['request'], 'SdkAppId'>, signal?: AbortSignal): Promise<Actions[A]['response']> {
  const answer = await send<Envelope<Actions[A]['response']>>('/', { SdkAppId: asker.sdkAppId, ...params }, {
    'X-TC-Action': action,
    'X-TC-Version': ownActions.has(action) ? ownVersion : tencentVersion,
    'X-TC-Language': asker.language,
  }, signal)
  const failed = answer.Response.Error
  if (failed) throw refusal(failed.Code, failed.Message)
  return answer.Response
}

/** door asks the console's own door: sign-in, sign-out, second factor. */
export async function door<T>(path: string, params?: object): Promise<T> {
  const answer = await send<T & { Error?: { Code: string; Message: string } }>(`/console/api/${path}`, params, {})
  if (answer.Error) throw refusal(answer.Error.Code, answer.Error.Message)
  return answer
}

async function send<T>(path: string, body: object | undefined, headers: Record<string, string>, signal?: AbortSignal): Promise<T> {
  let response: Response
  try {
    response = await fetch(path, {
      method: body ? 'POST' : 'GET',
      credentials: 'same-origin',
      headers: { ...headers, ...(body ? { 'Content-Type': 'application/json' } : {}), 'X-CSRF-Token': asker.csrf },
      ...(body ? { body: JSON.stringify(body) } : {}),
      ...(signal ? { signal } : {}),
    })
  } catch (e) {
    if (signal?.aborted) throw e
    throw new ApiError('Unreachable', String(e))
  }
  try {
    return (await response.json()) as T
  } catch {
    throw new ApiError('Unreachable', `HTTP ${response.status}`)
  }
}

function refusal(code: string, message: string): ApiError {
  if (code === 'AuthFailure.SignedOut') asker.signedOut()
  return new ApiError(code, message)
}
