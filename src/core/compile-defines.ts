import { type Diagnostic, failure, type Result, success } from '../base/index.ts'
import type { ElmLibrary, LibraryClosure } from '../elm/index.ts'
import { fhirModelInfo, type ModelInfo } from '../fhir/index.ts'
import { createLowering } from './lower/program.ts'
import type { Core } from './node.ts'

/** What is wanted beside defines, and the model that the logic is about. */
export interface CompileOptions {
  /** Functions of the main library that will be called by name, with all their overloads (observations). */
  readonly functions?: readonly string[]
  /** FHIR R4 where absent. */
  readonly model?: ModelInfo
}

/**
 * Lowers the named defines of the main library and all that they reach to core. Every node that is not
 * supported, every missing definition and every recursive function is a diagnostic with its place; a library
 * that did not translate without error is refused, for its ELM holds nulls where calls failed.
 */
export function compileDefines(
  closure: LibraryClosure,
  defines: readonly string[],
  options: CompileOptions = {},
): Result<Core> {
  const errors = closure.libraries.flatMap(translationErrors)
  if (errors.length > 0) return failure(...errors)
  const lowering = createLowering(closure, options.model ?? fhirModelInfo())
  const library = lowering.keyOf(closure.main)
  for (const define of defines) {
    if (lowering.defineType(library, define) === undefined) lowering.report(missing('define', library, define))
  }
  for (const name of options.functions ?? []) {
    if (!lowering.lowerFunctions(library, name)) lowering.report(missing('function', library, name))
  }
  return lowering.diagnostics.length > 0 ? failure(...lowering.diagnostics) : success(lowering.core())
}

function missing(kind: 'define' | 'function', library: string, name: string): Diagnostic {
  return {
    code: `core/missing-${kind}`,
    message: `The library ${library} has no ${kind} "${name}".`,
    severity: 'error',
    place: { library, define: name },
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
