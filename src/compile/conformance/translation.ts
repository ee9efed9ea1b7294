import { formatDiagnostic, type Result } from '../../base/index.ts'
import { cqlSource, type LibraryClosure, translate } from '../../elm/index.ts'

/** The define that holds a test's expression. */
export const testDefine = 'Test'

/**
 * Translates an expression as a library of its own: in one library with others, the translator's choice of overloads
 * was seen to depend on what it had translated before.
 */
export async function translateTest(
  expression: string,
  cacheDir?: string,
  name = 'Conformance',
): Promise<Result<LibraryClosure>> {
  const text = `library ${name} version '1'\ndefine "${testDefine}":\n${expression}\n`
  return translate({
    name,
    sources: [cqlSource(text)],
    ...(cacheDir === undefined ? {} : { cacheDir }),
  })
}

/** Why a test did not translate, in one line. */
export function refusalOf(result: Extract<Result<LibraryClosure>, { ok: false }>): string {
  return result.diagnostics.map(formatDiagnostic).join('; ')
}
