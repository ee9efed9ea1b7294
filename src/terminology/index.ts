export { loadValueSets } from './load-value-sets.ts'
export { storedValueSets, storeValueSets } from './stored-value-sets.ts'
export type { Expansion, ValueSets } from './value-sets.ts'
export { pinValueSets } from './value-sets-pinned.ts'
