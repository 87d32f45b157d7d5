/**
 * How the values that users hold look on Node's console.
 */

/** Whatever has this prototype is printed as its text, and not as what it is made of. */
export const printAsText = (prototype: object): void => {
  const value = function (this: { toString(): string }): string {
    return this.toString()
  }
  Reflect.defineProperty(prototype, Symbol.for('nodejs.util.inspect.custom'), { value })
}
