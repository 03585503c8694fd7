/** Notifier shows the system's notification of a ringing call while the page is hidden. A click on it answers the call. */
export class Notifier {
  private enabled = true
  private shown: { id: string; close(): void } | undefined

  enable(on: boolean): void {
    this.enabled = on
    if (!on) this.clear()
  }

  /** Asks for the permission; browsers want that to come from a click. */
  ask(): void {
    if (!this.enabled || typeof Notification === 'undefined' || Notification.permission !== 'default') return
    void Notification.requestPermission()
  }

  show(id: string, title: string, body: string, clicked: () => void): void {
    if (!this.enabled || typeof Notification === 'undefined' || Notification.permission !== 'granted' || !document.hidden) return
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

  clear(id?: string): void {
    if (id !== undefined && this.shown?.id !== id) return
    this.shown?.close()
    this.shown = undefined
  }
}
