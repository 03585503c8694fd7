/** The agent's own settings of this browser. All optional: what is not named stays as it was. */
export interface UserCustomSettings {
  /** No sound when a call comes in. */
  disableRingtone?: boolean
  /** No notifications of the system. */
  disableNotification?: boolean
}

/** What the page shows, as `tccc.UI`. */
export interface UiApi {
  /** Hides all of the SDK. */
  hide(): void
  /** Shows what is not hidden by itself. */
  show(): void
  hidefloatButton(): void
  showfloatButton(): void
  hideWorkbench(): void
  showWorkbench(): void
  /** Hides the bar of running calls. */
  hideNotificationBar(): void
  showNotificationBar(): void
  /** Changes the agent's settings of this browser, where they are kept. */
  updateUserCustomSettings(settings: UserCustomSettings): void
  /** Moves the SDK into an element of the page, given itself or by its id; without one it floats again. May be called again. */
  mount(element?: HTMLElement | string): void
}

/** A button of the bar, as `overrideButtonConfig` sees it. */
export interface ButtonConfig {
  /** The buttons of a talk, in order. */
  active: { type: ButtonType }[]
}

/** What a button of the bar does. */
export type ButtonType = 'transferSeat' | 'transferSkillGroup' | 'holdToggle' | 'forwardOut' | 'showKeyboard' | 'selfService'
