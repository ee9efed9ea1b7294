import type { Diagnostic } from '../../base/index.ts'
import { type CqlSource, cqlSource, type ElmLibrary } from '../../elm/index.ts'
import { isObject } from '../../fhir/index.ts'
import type { PackageResource } from './packaged.ts'

/** What a Library resource holds. `name` and `version` are those that CQL and ELM know it by. */
export interface LibraryParts {
  readonly name: string
  readonly version?: string
  readonly cql?: CqlSource
  readonly elm?: ElmLibrary
  readonly diagnostics: readonly Diagnostic[]
}

interface Attachment {
  readonly contentType: string
  readonly data: string
  readonly element: string
}

/**
 * CQL and ELM of a Library (FHIR R4, Library.content; the CQL IG's `text/cql` and `application/elm+json`). Errors: an
 * attachment that is no base64, CQL without a name or with another than the Library's, ELM that is no JSON.
 * CQL is what counts; ELM of another version is a warning, for it is made anew.
 */
export function readLibraryParts(resource: PackageResource): LibraryParts {
  const body = JSON.parse(resource.body) as Readonly<Record<string, unknown>>
  const diagnostics: Diagnostic[] = []
  const say = (severity: Diagnostic['severity'], code: string, message: string, element: string, remedy?: string) =>
    diagnostics.push({
      code: `content/${code}`,
      severity,
      message,
      place: { file: resource.file, resource: `Library ${resource.name ?? resource.url}`, element },
      ...(remedy === undefined ? {} : { remedy }),
    })
  const cql = textOf(attachments(body), 'text/cql', say)
  const elm = textOf(attachments(body), 'application/elm+json', say)
  const source = cql === undefined ? undefined : cqlSource(cql, resource.file)
  const library = elm === undefined ? undefined : elmOf(elm, say)
  if (source !== undefined) checkSource(resource, source, say)
  if (source !== undefined && library !== undefined) compareNames(source, library, say)
  if (cql === undefined && elm === undefined && isLogic(body)) {
    say('warning', 'empty-library', 'The Library holds neither CQL nor ELM as JSON.', 'content', 'Attach its CQL.')
  }
  const version = source?.version ?? library?.identifier.version ?? resource.version
  return {
    name: source?.name || library?.identifier.id || resource.name || '',
    ...(version === undefined ? {} : { version }),
    ...(source === undefined ? {} : { cql: source }),
    ...(library === undefined ? {} : { elm: library }),
    diagnostics,
  }
}

const isLogic = ({ type }: Readonly<Record<string, unknown>>): boolean =>
  JSON.stringify(type ?? '').includes('"logic-library"')

type Say = (severity: Diagnostic['severity'], code: string, message: string, element: string, remedy?: string) => void

function attachments(body: Readonly<Record<string, unknown>>): readonly Attachment[] {
  const content: readonly unknown[] = Array.isArray(body['content']) ? body['content'] : []
  return content.flatMap((item, index) =>
    isObject(item) && typeof item['contentType'] === 'string' && typeof item['data'] === 'string'
      ? [{ contentType: item['contentType'], data: item['data'], element: `content[${index}].data` }]
      : [],
  )
}

function textOf(all: readonly Attachment[], contentType: string, say: Say): string | undefined {
  const found = all.find((attachment) => attachment.contentType.split(';')[0]?.trim() === contentType)
  if (found === undefined) return undefined
  const data = found.data.replace(/\s/g, '')
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(data) || data.length % 4 !== 0 || data === '') {
    say('error', 'invalid-attachment', `The ${contentType} attachment is no base64.`, found.element, 'Encode it anew.')
    return undefined
  }
  return Buffer.from(data, 'base64')
    .toString('utf8')
    .replace(/^\uFEFF/, '')
}

function elmOf(text: string, say: Say): ElmLibrary | undefined {
  try {
    const { library } = JSON.parse(text) as { readonly library?: ElmLibrary }
    if (library?.identifier.id !== undefined) return library
  } catch {
    // Told below, as for JSON that holds no library.
  }
  say(
    'error',
    'invalid-elm',
    'The ELM is no JSON of an ELM library.',
    'content',
    'Translate its CQL anew, or leave it out.',
  )
  return undefined
}

function checkSource(resource: PackageResource, source: CqlSource, say: Say): void {
  const names = [resource.name, resource.url.split('/').at(-1)]
  if (!names.includes(source.name)) {
    const message = `The CQL is named "${source.name}", the Library "${resource.name ?? resource.url}".`
    say('error', 'wrong-library-name', message, 'content', 'Give both the same name.')
  } else if (resource.version !== undefined && source.version !== resource.version) {
    const message = `The CQL has version ${source.version ?? 'none'}, the Library ${resource.version}: the CQL's counts.`
    say('warning', 'wrong-library-version', message, 'version')
  }
}

function compareNames(source: CqlSource, { identifier }: ElmLibrary, say: Say): void {
  if (identifier.id === source.name && identifier.version === source.version) return
  const message = `The ELM is of ${identifier.id}|${identifier.version ?? ''}, the CQL of ${source.name}|${source.version ?? ''}: the ELM is not used.`
  say('warning', 'stale-elm', message, 'content')
}

/** The model infos (XML) that a Library of type model-definition holds. */
export function modelInfosIn(resource: Readonly<Record<string, unknown>>): readonly string[] {
  return attachments(resource)
    .filter(({ contentType }) => contentType.startsWith('application/xml') || contentType.startsWith('text/xml'))
    .map(({ data }) => Buffer.from(data, 'base64').toString('utf8'))
    .filter((xml) => /<(?:\w+:)?modelInfo\b/.test(xml))
}
