import type { MeasurementPeriod } from '../../measure/index.ts'
import { factText, readFact } from '../fact.ts'
import type { NearMiss, Repair, RepairEffect } from './repair.ts'

/** A repair that was tried and changed the result, in words. `days`: how far the date is outside. */
export function nearMissOf(repair: Repair, effect: RepairEffect, period: MeasurementPeriod, days?: number): NearMiss {
  const { define: _, ...fact } = readFact(repair.entry, '').shown
  const { kind, element, is, wanted } = repair
  const said = factText({ ...fact, define: '' })
  return {
    kind,
    fact,
    element,
    ...(is === undefined ? {} : { is }),
    wanted,
    ...(days === undefined ? {} : { days }),
    effect,
    sentence: `${said}: ${wrong(repair, period, days)}; ${consequence(repair, effect)}.`,
  }
}

function wrong({ kind, is, wanted, element }: Repair, period: MeasurementPeriod, days = 0): string {
  switch (kind) {
    case 'date-outside':
      return dateWords(wanted, period, days)
    case 'no-unit':
      return is === undefined ? 'a value without a unit' : `the unit "${is}" is not one that the logic can read`
    case 'no-value':
      return 'no value'
    case 'not-final':
      return `its ${element === 'status' ? 'status' : 'verification status'} is ${is ?? 'missing'}`
    case 'unmapped-code':
      return `its code${is === undefined ? '' : ` "${is}"`} maps to nothing that the measure looks for`
    case 'wrong-encounter':
      return element === 'encounter' || element === 'context'
        ? 'it belongs to an encounter that does not count'
        : `an encounter of a kind that does not count${is === undefined ? '' : ` (${is})`}`
  }
}

function dateWords(wanted: string, period: MeasurementPeriod, days: number): string {
  const far = `${Math.abs(days)} ${Math.abs(days) === 1 ? 'day' : 'days'}`
  if (wanted === period.start && days < 0) return `${far} before the period`
  if (wanted === period.end && days > 0) return `${far} after the period`
  return `${far} too ${days < 0 ? 'early' : 'late'}`
}

const effectWords: Readonly<Record<RepairEffect, string>> = {
  closes: 'the gap would be closed',
  excludes: 'the person would be left out of the measure',
  includes: 'the person would be in the measure',
  evaluates: 'the measure could be evaluated',
}

function consequence({ kind, wanted }: Repair, effect: RepairEffect): string {
  const then = effectWords[effect]
  switch (kind) {
    case 'date-outside':
      return `had it been on ${wanted}, ${then}`
    case 'no-unit':
      return `with the unit ${wanted}, ${then}`
    case 'no-value':
      return `with ${wanted} in range, ${then}`
    case 'not-final':
      return `were it ${wanted}, ${then}`
    case 'unmapped-code':
      return `if it means ${wanted}, ${then}`
    case 'wrong-encounter':
      return `with ${wanted}, ${then}`
  }
}
