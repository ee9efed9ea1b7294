export type { Expansion, ValueSets } from './value-sets.ts'
