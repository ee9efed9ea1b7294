/** What begins the code of the fault that SQL cannot say a value, so that closures evaluate the person. */
export const irregularCode = 'irregular'

/** Why SQL cannot say a value of some persons, in words that stand behind `left to closures:`. */
export type IrregularReason =
  | `no column for ${string}`
  | 'uncertain value'
  | 'units that the data and the logic do not have in common'
  | 'quantities without a common unit'
  | 'digits that a decimal was written with'
  | 'hours of clocks that overlap'
  | 'power in more digits than counted with'
  | 'value of several types'

/** The code of the fault that SQL cannot say a value for this reason. */
export const irregularBy = (reason: IrregularReason): string => `${irregularCode}: ${reason}`

/** Is a fault's code that SQL cannot say a value? */
export const isIrregular = (code: string): boolean => code.startsWith(irregularCode)

/** The reason that such a code names. */
export const reasonOf = (code: string): string => code.slice(irregularCode.length + 2)
