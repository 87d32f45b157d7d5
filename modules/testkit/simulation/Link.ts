/**
 * A line between two places that may lose, double and reorder what it carries: the hook for links to other processes.
 */
import type { FaultKind } from './Schedule.js'
import type { Choice } from './SimDispatcher.js'

/**
 * A line that carries deliveries in the order in which they were sent, one at a step, unless a fault says otherwise.
 *
 * @category testing
 * @since 0.1.0
 */
export interface SimulatedLink {
  /** Sends something: `deliver` is called when it arrives, never if it is lost, twice if it is doubled. */
  send(deliver: () => void): void
}

/** What a link needs of its simulation. */
export interface LinkHost {
  schedule(link: Choice): void
  /** Whether this goes wrong now. */
  linkFails(kind: FaultKind): boolean
  carried(link: string, fault: FaultKind | undefined): void
}

export class Link implements SimulatedLink, Choice {
  readonly ref: undefined = undefined
  readonly #host: LinkHost
  readonly #name: string
  readonly #deliveries: (() => void)[] = []

  constructor(host: LinkHost, name: string) {
    this.#host = host
    this.#name = name
  }

  send(deliver: () => void): void {
    this.#deliveries.push(deliver)
    if (this.#deliveries.length === 1) this.#host.schedule(this)
  }

  run(): number {
    const fault = this.#fault()
    this.#host.carried(this.#name, fault)
    const [deliver] = this.#deliveries.splice(fault === 'reorder' ? 1 : 0, 1)
    if (this.#deliveries.length > 0) this.#host.schedule(this)
    if (fault !== 'drop') deliver?.()
    if (fault === 'duplicate') deliver?.()
    return 1
  }

  #fault(): FaultKind | undefined {
    const host = this.#host
    if (this.#deliveries.length > 1 && host.linkFails('reorder')) return 'reorder'
    if (host.linkFails('drop')) return 'drop'
    return host.linkFails('duplicate') ? 'duplicate' : undefined
  }
}
