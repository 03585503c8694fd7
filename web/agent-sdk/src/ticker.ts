/** Calls a function every second; answers how to stop. */
export type EverySecond = (f: () => void) => () => void

/**
 * One clock for all who want to be called every second. A hidden tab's timers are slowed to one a minute, a worker's are not;
 * where the page's content security policy forbids the worker, the page's own timer has to do.
 */
export function ticker(): EverySecond {
  const all = new Set<() => void>()
  let stop: (() => void) | undefined
  return (f) => {
    all.add(f)
    stop ??= run(() => all.forEach((each) => each()))
    return () => {
      all.delete(f)
      if (all.size > 0) return
      stop?.()
      stop = undefined
    }
  }
}

function run(f: () => void): () => void {
  try {
    const url = URL.createObjectURL(new Blob(['setInterval(() => postMessage(0), 1000)'], { type: 'text/javascript' }))
    const worker = new Worker(url)
    URL.revokeObjectURL(url)
    const slow = setInterval(f, 5_000) // a worker that the policy forbids may fail without a word
    worker.onmessage = f
    return () => {
      clearInterval(slow)
      worker.terminate()
    }
  } catch {
    const timer = setInterval(f, 1_000)
    return () => clearInterval(timer)
  }
}
