import { type Diagnostic, failure, type Result, success } from '../base/index.ts'
import type { ElmLibrary, LibraryClosure } from '../elm/index.ts'
import { fhirModelInfo, type ModelInfo } from '../fhir/index.ts'
import { createLowering } from './lower/program.ts'
import type { Core } from './node.ts'

/**
 * Lowers the named defines of the main library and all that they reach to core. Every node that is not
 * supported, every missing definition and every recursive function is a diagnostic with its place; a library
 * that did not translate without error is refused, for its ELM holds nulls where calls failed.
 */
export function compileDefines(
  closure: LibraryClosure,
  defines: readonly string[],
  model: ModelInfo = fhirModelInfo(),
): Result<Core> {
  const errors = closure.libraries.flatMap(translationErrors)
  if (errors.length > 0) return failure(...errors)
  const lowering = createLowering(closure, model)
  const library = closure.main.identifier.id
  for (const define of defines) {
    if (lowering.defineType(library, define) === undefined) lowering.report(missingDefine(library, define))
  }
  return lowering.diagnostics.length > 0 ? failure(...lowering.diagnostics) : success(lowering.core())
}

function missingDefine(library: string, define: string): Diagnostic {
  return {
    code: 'core/missing-define',
    message: `The library ${library} has no define "${define}".`,
    severity: 'error',
    place: { library, define },
  }
}

interface Annotation {
  readonly type?: string
  readonly errorSeverity?: string
  readonly message?: string
  readonly startLine?: number
  readonly startChar?: number
}

/** Errors that the translator left in a library's annotations. */
function translationErrors(library: ElmLibrary): Diagnostic[] {
  const annotations = (library['annotation'] ?? []) as readonly Annotation[]
  return annotations
    .filter((one) => one.type === 'CqlToElmError' && one.errorSeverity === 'error')
    .map((one) => ({
      code: 'core/not-translated',
      message: one.message ?? 'The library was not translated without error.',
      severity: 'error',
      place: {
        library: library.identifier.id,
        ...(one.startLine === undefined ? {} : { line: one.startLine }),
        ...(one.startChar === undefined ? {} : { column: one.startChar }),
      },
      remedy: 'Correct the CQL and translate it again.',
    }))
}
