import type { Client } from '../client'
import { asError } from '../errors'
import type { Strings } from './strings'

/** Visible is what the page (by tccc.UI) and the agent have shown and hidden. */
export interface Visible {
  all: boolean
  float: boolean
  bar: boolean
  workbench: boolean
}

/** Desk is what every part of the face works with. */
export interface Desk {
  client: Client
  t: Strings
  visible: Visible
  inline: boolean
  now: number
  set(visible: Partial<Visible>): void
  /** Does what the agent asked for; what goes wrong is shown. */
  act(work: Promise<unknown>): void
}

/** What to tell the agent about the last trouble. */
export function hint(desk: Desk): string {
  const { trouble } = desk.client
  if (!trouble) return ''
  return desk.t.errors[trouble.code] ?? trouble.message
}

/** Shows what goes wrong, and takes an older hint away when it goes right. */
export function act(client: Client, work: Promise<unknown>): void {
  work.then(
    () => client.troubled(undefined),
    (e: unknown) => client.troubled(asError(e)),
  )
}
