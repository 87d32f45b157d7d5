/**
 * What a failed expectation throws.
 */

export class ExpectationFailed extends Error {
  readonly _tag = 'ExpectationFailed'

  constructor(message: string) {
    super(message)
    this.name = 'ExpectationFailed'
  }
}
