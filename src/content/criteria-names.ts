import type { Diagnostic } from '../base/index.ts'
import type { ElmLibrary } from '../elm/index.ts'
import type { MeasureGroup } from './measure.ts'

/**
 * Groups whose criteria have the names of the library's defines. Some published Measures write a name in other letters
 * than the library does (`with` for `With`): where just one define differs by nothing else, that one is
 * meant, and a warning says so. Anything else stays as it is.
 */
export function matchCriteria(
  groups: readonly MeasureGroup[],
  library: ElmLibrary,
): { readonly groups: readonly MeasureGroup[]; readonly diagnostics: readonly Diagnostic[] } {
  const names = new Set((library.statements?.def ?? []).map(({ name }) => name))
  const diagnostics: Diagnostic[] = []
  const match = <T extends { readonly define: string }>(part: T): T => {
    if (names.has(part.define)) return part
    const alike = [...names].filter((name) => name.toLowerCase() === part.define.toLowerCase())
    const [only] = alike
    if (only === undefined || alike.length > 1) return part
    diagnostics.push({
      code: 'content/name-in-other-case',
      severity: 'warning',
      message: `The Measure names "${part.define}"; the library's "${only}" is taken for it.`,
      place: { library: library.identifier.id, define: only },
    })
    return { ...part, define: only }
  }
  const matched = groups.map((group) => ({
    ...group,
    populations: group.populations.map(match),
    ...(group.observations === undefined ? {} : { observations: group.observations.map(match) }),
    ...(group.stratifiers === undefined
      ? {}
      : { stratifiers: group.stratifiers.map((one) => ({ ...one, criteria: one.criteria.map(match) })) }),
  }))
  return { groups: matched, diagnostics }
}
