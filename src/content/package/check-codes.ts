import type { Diagnostic, Place } from '../../base/index.ts'
import type { Session } from '../../duck/index.ts'
import { type Coding, foldSystem } from '../../fhir/index.ts'
import { type CodeSystem, readCodeSystem } from '../../terminology/index.ts'
import { labelOf } from './dependencies.ts'
import { storedPackages } from './stored-packages.ts'

/** Codes that installed logic reads or orders, and where they are written. */
export interface UsedCodes {
  /** As a message names it: a value set, an order, logic. */
  readonly name: string
  readonly place: Place
  readonly codings: readonly Coding[]
}

/** The whole code systems of a package (`name` or `name|version`). */
export async function wholeCodeSystems(session: Session, name: string): Promise<readonly CodeSystem[]> {
  const packages = (await storedPackages(session)).filter((one) => one.name === name || labelOf(one) === name)
  return packages
    .flatMap(({ resources }) => resources.filter(({ type }) => type === 'CodeSystem'))
    .flatMap(({ body }) => readCodeSystem(JSON.parse(body)) ?? [])
    .filter(({ isComplete }) => isComplete)
}

const mostListed = 5

/**
 * What of the codes in use a whole code system does not have: no record that is coded by it can be found by these. A value set may
 * hold codes that were retired long ago, so it is a warning; a name that is another is told by the first five.
 */
export function checkCodes(used: readonly UsedCodes[], systems: readonly CodeSystem[]): readonly Diagnostic[] {
  return systems.flatMap((system) => used.flatMap((one) => checkIn(system, one)))
}

function checkIn(system: CodeSystem, { name, place, codings }: UsedCodes): readonly Diagnostic[] {
  const own = codings.filter(({ system: url = '' }) => foldSystem(url) === system.url)
  const absent = own.filter(({ code = '' }) => !system.concepts.has(code))
  const release = system.version === undefined ? system.url : `${system.url}|${system.version}`
  const others = own.flatMap(({ code = '', display }) => {
    const known = system.concepts.get(code)?.display
    return known === undefined || display === undefined || isSameName(known, display)
      ? []
      : [`${code} is "${known}" there, and "${display}" here`]
  })
  return [
    ...(absent.length === 0 ? [] : [absentCodes(name, place, release, absent)]),
    ...(others.length === 0 ? [] : [otherNames(name, place, release, others)]),
  ]
}

const wordsOf = (name: string): readonly string[] => name.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

/** One name holds the words of the other: releases add what kind of thing it is, and in which order is a matter of taste. */
function isSameName(one: string, other: string): boolean {
  const [few = [], many = []] = [wordsOf(one), wordsOf(other)].sort((a, b) => a.length - b.length)
  return few.every((word) => many.includes(word))
}

const listed = (all: readonly string[], mark: string): string =>
  `${all.slice(0, mostListed).join(mark)}${all.length > mostListed ? `${mark}and ${all.length - mostListed} more` : ''}`

function absentCodes(name: string, place: Place, release: string, absent: readonly Coding[]): Diagnostic {
  const codes = listed(
    absent.map(({ code = '' }) => code),
    ', ',
  )
  return {
    code: 'content/unknown-codes',
    severity: 'warning',
    message: `${absent.length} codes of ${name} are not in ${release}: ${codes}.`,
    place,
    remedy: 'Check them against that release: records are not found by codes that nobody uses.',
  }
}

function otherNames(name: string, place: Place, release: string, others: readonly string[]): Diagnostic {
  return {
    code: 'content/other-names',
    severity: 'information',
    message: `${others.length} codes of ${name} have another name in ${release}: ${listed(others, '; ')}.`,
    place,
    remedy: 'Look whether the same thing is meant.',
  }
}
