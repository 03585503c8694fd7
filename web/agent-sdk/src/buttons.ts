import type { ButtonConfig, ButtonType } from './types'

/** Buttons are those of a talk, as the page wants them. */
export class Buttons {
  private change: ((config: ButtonConfig) => ButtonConfig) | undefined

  constructor(private readonly changed: () => void) {}

  override(change: (config: ButtonConfig) => ButtonConfig): void {
    this.change = change
    this.changed()
  }

  /** Those to show, of all there are. */
  of(all: ButtonType[]): ButtonType[] {
    if (!this.change) return all
    try {
      const { active } = this.change({ active: all.map((type) => ({ type })) })
      return active.map((b) => b.type).filter((type) => all.includes(type))
    } catch (e) {
      console.error('tccc: overrideButtonConfig failed', e)
      return all
    }
  }
}
