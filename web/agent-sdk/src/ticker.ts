/**
 * Calls f every second. A hidden tab's timers are slowed to one a minute, a worker's are not; where the page's content
 * security policy forbids the worker, the page's own timer has to do.
 */
export function everySecond(f: () => void): () => void {
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
