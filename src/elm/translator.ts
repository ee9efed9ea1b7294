import { SystemModelInfoProvider } from '@cqframework/cql/cql'
import {
  CqlCompilerOptions,
  CqlTranslator,
  createLibrarySourceProvider,
  createModelInfoProvider,
  createUcumService,
  LibraryBuilder,
  LibraryManager,
  ModelManager,
  stringAsSource,
} from '@cqframework/cql/cql-to-elm'
import ucum from '@lhncbc/ucum-lhc'
import { type Diagnostic, failure, type Result, success } from '../base/index.ts'
import type { CqlSource } from './cql-source.ts'
import type { ElmLibrary } from './library.ts'
import type { ModelInfo } from './model-info.ts'
import { renamedTypes, systemNames } from './system-names.ts'
import type { TranslationOptions } from './translation-options.ts'

/** The translator's message, as it stands among the annotations of the ELM that it wrote. */
interface ElmMessage {
  readonly type?: string
  readonly libraryId?: string
  readonly startLine?: number
  readonly startChar?: number
  readonly message?: string
  readonly errorSeverity?: string
}

// Reading the FHIR model takes longer than anything else, so models live as long as the process does.
const modelManagers = new Map<string, ModelManager>()

/**
 * Translates the last of `sources` (dependency first) with all that it includes. This file imports the
 * translator, which costs seconds: it is itself imported only where the cache has no answer.
 * Failure holds every error of every library, with library, line and column.
 */
export function runTranslator(
  sources: readonly CqlSource[],
  models: readonly ModelInfo[],
  options: TranslationOptions,
): Result<readonly ElmLibrary[]> {
  const manager = new LibraryManager(modelManagerFor(models), compilerOptions(options), undefined, ucumService())
  manager.librarySourceLoader.registerProvider(
    createLibrarySourceProvider((name, _system, version) => {
      const found = sources.find((source) => source.name === name && (version ?? source.version) === source.version)
      return found === undefined ? null : stringAsSource(found.text)
    }),
  )
  const main = sources.at(-1)
  const names = systemNames(models)
  const translated = withinTheStack(main, () => {
    const translator = withoutItsBanner(() => CqlTranslator.fromText(main?.text ?? '', manager))
    return { translator, library: parseElm(translator.toJson(), names) }
  })
  if (!translated.ok) return translated
  const { translator, library } = translated.value
  const diagnostics = messagesOf(library, sources)
  if (diagnostics.some((diagnostic) => diagnostic.severity === 'error')) return failure(...diagnostics)
  const included = [...translator.libraries.asJsReadonlyMapView().values()].flatMap((elm) =>
    elm === null || elm === undefined ? [] : [parseElm(CqlTranslator.convertToJson(elm), names)],
  )
  return success(inOrder(sources, [...included, library]), diagnostics)
}

/** The translator walks expressions by recursion: what nests too deeply for it is a fault of the library, and no crash. */
function withinTheStack<T>(main: CqlSource | undefined, work: () => T): Result<T> {
  try {
    return success(work())
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown
    return failure({
      code: 'elm/too-deep',
      severity: 'error',
      message: 'An expression of this library, or of one that it includes, nests too deeply to be translated.',
      place: {
        ...(main === undefined ? {} : { library: main.name }),
        ...(main?.file === undefined ? {} : { file: main.file }),
      },
      remedy: 'Split it into several defines.',
    })
  }
}

/**
 * The translator's logging library greets on stdout when it is first used. Stdout belongs to the results of a
 * command, so that one line is held back; all else passes.
 */
function withoutItsBanner<T>(work: () => T): T {
  const { stdout } = process
  const write = stdout.write.bind(stdout)
  stdout.write = (chunk: string | Uint8Array, ...rest: []) =>
    String(chunk).startsWith('kotlin-logging:') || write(chunk, ...rest)
  try {
    return work()
  } finally {
    stdout.write = write
  }
}

function inOrder(sources: readonly CqlSource[], libraries: readonly ElmLibrary[]): readonly ElmLibrary[] {
  const position = (library: ElmLibrary) =>
    sources.findIndex(
      (source) => source.name === library.identifier.id && source.version === library.identifier.version,
    )
  return [...libraries].sort((a, b) => position(a) - position(b))
}

const parseElm = (json: string, names: ReadonlyMap<string, string>): ElmLibrary =>
  (JSON.parse(renamedTypes(json, names)) as { library: ElmLibrary }).library

function messagesOf(library: ElmLibrary, sources: readonly CqlSource[]): Diagnostic[] {
  const messages = (library['annotation'] ?? []) as readonly ElmMessage[]
  return messages
    .filter((message) => message.type === 'CqlToElmError')
    .map((message): Diagnostic => {
      const name = message.libraryId ?? library.identifier.id
      const file = sources.find((source) => source.name === name)?.file
      return {
        code: 'elm/translation',
        severity: message.errorSeverity === 'error' ? 'error' : 'warning',
        message: message.message ?? 'The translator gives no reason.',
        place: {
          ...(file === undefined ? {} : { file }),
          library: name,
          ...(message.startLine === undefined ? {} : { line: message.startLine }),
          ...(message.startChar === undefined ? {} : { column: message.startChar }),
        },
        remedy: 'Correct the CQL at this place.',
      }
    })
}

function modelManagerFor(models: readonly ModelInfo[]): ModelManager {
  const key = models.map((model) => `${model.name}|${model.version}|${model.stamp}`).join('\n')
  const known = modelManagers.get(key)
  if (known !== undefined) return known
  const manager = new ModelManager()
  manager.modelInfoLoader.registerModelInfoProvider(new SystemModelInfoProvider())
  manager.modelInfoLoader.registerModelInfoProvider(
    createModelInfoProvider((name, _system, version) => {
      const found = models.find((model) => model.name === name && (version ?? model.version) === model.version)
      return found === undefined ? null : stringAsSource(found.xml())
    }),
  )
  modelManagers.set(key, manager)
  return manager
}

function compilerOptions(options: TranslationOptions): CqlCompilerOptions {
  const chosen = options.flags.map((flag) => CqlCompilerOptions.Options.valueOf(flag))
  const level = LibraryBuilder.SignatureLevel.valueOf(options.signatureLevel)
  return new CqlCompilerOptions().withOptions(chosen).withSignatureLevel(level)
}

/**
 * The translator validates units through this service. It must answer, never throw: an exception inside its
 * compiled Kotlin turns into "Internal translator error". Translation converts nothing; where it asks all
 * the same, the operand comes back unchanged.
 */
function ucumService() {
  const units = ucum.UcumLhcUtils.getInstance()
  const validate = (unit: string): string | null => {
    const result = units.validateUnitString(unit)
    return result.status === 'valid' ? null : `'${unit}' is not a UCUM unit: ${result.msg.join(' ')}`
  }
  return createUcumService(
    (value) => value,
    validate,
    (left) => left,
    (left) => left,
  )
}
