import { z } from 'zod'

/** A FHIR date of a year, a month or a day that exists. */
const fhirDate = z
  .string()
  .regex(/^\d{4}(-\d{2}(-\d{2})?)?$/, 'must be a date such as 2026-01-01')
  .refine(exists, 'is not a day of the calendar')

function exists(date: string): boolean {
  const day = firstDay(date)
  const instant = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(day)
}

const firstDay = (date: string): string => `${date}-01-01`.slice(0, 10)

/** The last day that a date of any precision covers: a periodEnd of 2026 means 2026-12-31. */
function lastDay(date: string): string {
  if (date.length === 10) return date
  const [year = 0, month = 12] = date.split('-').map(Number)
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10)
}

export const periodStart = fhirDate.transform(firstDay)
export const periodEnd = fhirDate.transform(lastDay)
