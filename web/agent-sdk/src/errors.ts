import type { Failure, Success } from './types'

/** The codes that the SDK itself gives; all others are the server's. */
export const codes = {
  timeout: 'Timeout',
  connectionLost: 'ConnectionLost',
  closed: 'Closed',
  noSession: 'SessionNotFound',
  wrongState: 'SessionStateError',
  badOption: 'InvalidParameter',
  insecure: 'InsecureContext',
  noMicrophone: 'MicrophoneNotFound',
  microphoneDenied: 'MicrophoneDenied',
  microphoneFailed: 'MicrophoneFailed',
  speakerFailed: 'SpeakerFailed',
  mediaFailed: 'MediaFailed',
} as const

/** Whether an error is the agent's own microphone's. */
export function isMicrophone(error: { code: string }): boolean {
  const own: string[] = [codes.insecure, codes.noMicrophone, codes.microphoneDenied, codes.microphoneFailed]
  return own.includes(error.code)
}

/** TcccError is how every promise of the SDK fails. */
export class TcccError extends Error implements Failure {
  readonly status = 'error'
  readonly errorMsg: string
  readonly errMsg: string

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message)
    this.name = 'TcccError'
    this.errorMsg = message
    this.errMsg = message
  }
}

/** Any thrown thing as a TcccError. */
export function asError(thrown: unknown): TcccError {
  if (thrown instanceof TcccError) return thrown
  return new TcccError('InternalError', thrown instanceof Error ? thrown.message : String(thrown))
}

/** The shape of a promise's good end. */
export function success<T extends object>(data: T): Success<T> {
  return { ...data, status: 'success', data }
}

/** How long any promise of the public API may take. */
export const apiDeadline = 10_000

/** Lets a promise take no longer than the deadline, and fail only with a TcccError. */
export function settle<T>(work: Promise<T>, deadline = apiDeadline): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new TcccError(codes.timeout, `no answer within ${deadline / 1000} s`)), deadline)
    work.then(resolve, (e: unknown) => reject(asError(e))).finally(() => clearTimeout(timer))
  })
}

/** A function whose promise ends in time and fails only with a TcccError, also when it throws at once. */
export function ending<O, T>(f: (options: O) => Promise<T>): (options: O) => Promise<T> {
  return (options) => settle(Promise.resolve(options).then(f))
}
