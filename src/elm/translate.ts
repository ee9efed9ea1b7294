import { createRequire } from 'node:module'
import { join } from 'node:path'
import { contentHash, type Diagnostic, failure, invariant, projectRoot, type Result, success } from '../base/index.ts'
import { type CqlSource, readCqlFolders } from './cql-source.ts'
import { orderIncludes } from './include-order.ts'
import type { ElmLibrary, LibraryClosure } from './library.ts'
import { builtInModelInfo, type ModelInfo } from './model-info.ts'
import { readCachedElm, writeCachedElm } from './translation-cache.ts'
import { type TranslationOptions, translationOptions } from './translation-options.ts'

export interface TranslationRequest {
  /** The library to translate. */
  readonly name: string
  /** Its version; where absent, the one that is there. */
  readonly version?: string
  /** CQL at hand as text; looked through together with the folders'. */
  readonly sources?: readonly CqlSource[]
  /** Folders of `*.cql`. */
  readonly folders?: readonly string[]
  /** Models beside FHIR 4.0.1, which is built in. */
  readonly models?: readonly ModelInfo[]
  /** Writes the CQL text into the ELM; false where absent. */
  readonly annotations?: boolean
  /** Where translated logic is kept; `.cache/elm` of the project where absent. */
  readonly cacheDir?: string
}

/** The cache of a project that has not said where else. */
const defaultElmCache: string = join(projectRoot, '.cache', 'elm')

/**
 * CQL -> ELM: the library with all that it includes. What was translated before comes from the cache in
 * milliseconds, without importing the translator. Any error in any library is a failure with every message
 * (library, line, column); warnings come with the value.
 */
export async function translate(request: TranslationRequest): Promise<Result<LibraryClosure>> {
  const sources = [...(request.sources ?? []), ...readCqlFolders(request.folders ?? [])]
  const ordered = orderIncludes(request, sources)
  if (!ordered.ok) return ordered
  const models = [builtInModelInfo(), ...(request.models ?? [])]
  const unknown = unknownModels(ordered.value, models)
  if (unknown.length > 0) return failure(...unknown)
  const options = translationOptions(request.annotations)
  const hash = hashOf(ordered.value, models, options)
  const cacheDir = request.cacheDir ?? defaultElmCache
  const cached = readCachedElm(cacheDir, hash)
  if (cached !== undefined) return success(closureOf(ordered.value, cached.libraries, hash), cached.warnings)
  const { runTranslator } = await import('./translator.ts')
  const translated = runTranslator(ordered.value, models, options)
  if (!translated.ok) return translated
  const { value: libraries, diagnostics: warnings } = translated
  const notes = writeCachedElm(cacheDir, hash, { libraries, warnings })
  return success(closureOf(ordered.value, libraries, hash), [...warnings, ...notes])
}

function unknownModels(sources: readonly CqlSource[], models: readonly ModelInfo[]): readonly Diagnostic[] {
  const atHand = (name: string, version: string | undefined) =>
    name === 'System' ||
    models.some((model) => model.name === name && (version === undefined || model.version === version))
  return sources.flatMap((source) =>
    source.header.usings
      .filter((using) => !atHand(using.name, using.version))
      .map((using): Diagnostic => {
        const present = models.map((model) => `${model.name} ${model.version}`).join(', ')
        return {
          code: 'elm/missing-model',
          severity: 'error',
          message: `There is no model info for ${using.name} ${using.version ?? ''}; at hand: ${present}.`,
          place: {
            ...(source.file === undefined ? {} : { file: source.file }),
            library: source.name,
            line: using.line,
            column: using.column,
          },
          remedy: 'Give its model info XML.',
        }
      }),
  )
}

function hashOf(sources: readonly CqlSource[], models: readonly ModelInfo[], options: TranslationOptions): string {
  const require = createRequire(import.meta.url)
  // The package does not export its package.json, so it is reached beside what it does export.
  const manifest = join(require.resolve('@cqframework/cql/cql-to-elm'), '..', 'package.json')
  const { version } = require(manifest) as { version: string }
  const used = new Set(sources.flatMap((source) => source.header.usings.map((using) => using.name)))
  // A model may need another (QI-Core needs FHIR), so beside the ones named FHIR always counts.
  const stamps = models
    .filter((model) => used.has(model.name) || model.name === 'FHIR')
    .map((model) => (model.name === 'FHIR' ? model.stamp : `${model.stamp} with system names`))
  return contentHash(
    JSON.stringify({ translator: version, options, stamps }),
    ...sources.flatMap((source) => [source.name, source.version ?? '', source.text]),
  )
}

function closureOf(sources: readonly CqlSource[], libraries: readonly ElmLibrary[], hash: string): LibraryClosure {
  const main = libraries.at(-1)
  invariant(main !== undefined && libraries.length === sources.length, 'each library is translated once')
  return { main, libraries, cql: new Map(sources.map((source) => [source.name, source.text])), hash }
}
