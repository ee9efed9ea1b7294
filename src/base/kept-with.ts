/**
 * What is found of a thing, kept with the thing itself: nothing that looks at it sees it, copies are without it, and it goes when
 * the thing goes. A WeakMap that things of one person after the other enter keeps each through the next collections, which so
 * take longer than the work.
 */
export class KeptWith<K extends object, T extends object> {
  readonly #key = Symbol('kept')

  of(thing: K, find: (thing: K) => T): T {
    const known = (thing as { readonly [key: symbol]: T | undefined })[this.#key]
    if (known !== undefined) return known
    const found = find(thing)
    if (Object.isExtensible(thing)) Object.defineProperty(thing, this.#key, { value: found })
    return found
  }
}
