/**
 * True for a National Provider Identifier: ten digits, the first 1 or 2, whose last is the Luhn check digit
 * over the others behind the prefix 80840 (45 CFR 162.406; CMS, "NPI check digit").
 */
export function isNpi(text: string): boolean {
  if (!/^[12]\d{9}$/.test(text)) return false
  const sum = Array.from(`80840${text}`)
    .reverse()
    .reduce((total, digit, index) => total + luhnShare(Number(digit), index), 0)
  return sum % 10 === 0
}

/** Every second digit from the right counts double, as the sum of its digits. */
function luhnShare(digit: number, index: number): number {
  const doubled = index % 2 === 1 ? digit * 2 : digit
  return doubled > 9 ? doubled - 9 : doubled
}
