/** A National Provider Identifier from nine digits: the tenth is the Luhn check digit over 80840 + the nine. */
export function npiOf(nineDigits: string): string {
  const digits = `80840${nineDigits}`
  let sum = 0
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index])
    const doubled = index % 2 === 0 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return `${nineDigits}${(10 - (sum % 10)) % 10}`
}
