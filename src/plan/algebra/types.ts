import type { CoreType } from '../../core/index.ts'
import { heldType } from './held-type.ts'

const system = (name: Extract<CoreType, { kind: 'system' }>['name']): CoreType => ({ kind: 'system', name })

export const anyTypeOf = system('Any')
export const booleanTypeOf = system('Boolean')
export const integerTypeOf = system('Integer')
export const longTypeOf = system('Long')
export const decimalTypeOf = system('Decimal')
export const textTypeOf = system('String')
export const dateTypeOf = system('Date')
export const dateTimeTypeOf = system('DateTime')
export const timeTypeOf = system('Time')
export const quantityTypeOf = system('Quantity')
export const codeTypeOf = system('Code')
export const listOf = (of: CoreType): CoreType => ({ kind: 'list', of })
export const uncertainOf = (of: CoreType): CoreType => ({ kind: 'uncertain', of })
export const intervalOf = (of: CoreType): CoreType => ({ kind: 'interval', of })

/** A moment on a wall clock: what dates and times are made of. No value of CQL is of it. */
export const momentTypeOf: CoreType = heldType('Moment', { kind: 'moment' })

/** The name of a System type; undefined for all other kinds. */
export function systemName(type: CoreType): string | undefined {
  return type.kind === 'system' ? type.name : undefined
}

/** True for the types of dates and times, which share one structure. */
export function isTemporal(type: CoreType): boolean {
  return ['Date', 'DateTime', 'Time'].includes(systemName(type) ?? '')
}
