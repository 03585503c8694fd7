/** What a notification says, and what a click on it does. */
export interface Notice {
  id: string
  title: string
  body: string
  clicked: () => void
}

/** Notifier shows the system's notification of a ringing call while the page is hidden. A click on it answers the call. */
export class Notifier {
  private shown: { id: string; close(): void } | undefined

  /** Asks for the permission; browsers want that to come from a click. */
  ask(): void {
    if (typeof Notification === 'undefined' || Notification.permission !== 'default') return
    void Notification.requestPermission()
  }

  show({ id, title, body, clicked }: Notice): void {
    if (this.shown?.id === id) return
    if (typeof Notification === 'undefined' || Notification.permission !== 'granted' || !document.hidden) return
    this.clear()
    try {
      const notification = new Notification(title, { body, tag: `tccc-${id}`, requireInteraction: true })
      notification.onclick = () => {
        window.focus()
        this.clear()
        clicked()
      }
      this.shown = { id, close: () => notification.close() }
    } catch {
      // mobile browsers know the constructor but forbid it
    }
  }

  clear(): void {
    this.shown?.close()
    this.shown = undefined
  }
}
