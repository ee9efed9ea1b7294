import { CaregapError, type Diagnostic, messageOf } from '../../base/index.ts'
import { modelInfoOf } from '../../elm/index.ts'
import { isObject, isResource, type Resource } from '../../fhir/index.ts'
import { modelInfosIn } from './library-parts.ts'
import type { PackageFile } from './package-files.ts'
import { canonicalOf, hashOfBody, type PackageResource, packageTypes, sortedJson } from './packaged.ts'

export interface ReadResources {
  readonly resources: readonly PackageResource[]
  readonly diagnostics: readonly Diagnostic[]
  /** Name and version by package.json, where there is one. */
  readonly manifest?: { readonly name: string; readonly version: string }
}

/**
 * The resources of a package's files: of each canonical one. Every fault is named, with file and resource: text that
 * is no JSON, a resource without a canonical, one canonical with two contents.
 */
export function readResources(files: readonly PackageFile[]): ReadResources {
  const reads = files.map(readFile)
  const { kept, clashes } = distinct(reads.flatMap(({ resources }) => resources))
  const manifest = reads.find((read) => read.manifest !== undefined)?.manifest
  return {
    resources: kept,
    diagnostics: [...reads.flatMap(({ diagnostics }) => diagnostics), ...clashes, ...passedOver(files)],
    ...(manifest === undefined ? {} : { manifest }),
  }
}

function readFile(file: PackageFile): ReadResources {
  try {
    if (isXml(file)) return readXml(file)
    if (/\.ndjson(\.gz)?$/i.test(file.name)) return readLines(file)
    const value: unknown = JSON.parse(file.text)
    const manifest = manifestOf(value, file.name)
    return manifest === undefined ? readValue(value, file.name, '') : { resources: [], diagnostics: [], manifest }
  } catch (thrown) {
    if (thrown instanceof CaregapError) return { resources: [], diagnostics: thrown.diagnostics }
    const message = `This is no JSON: ${messageOf(thrown)}.`
    return failed('content/unreadable-resource', message, { file: file.name }, 'Give whole JSON.')
  }
}

function readLines(file: PackageFile): ReadResources {
  const lines = file.text.split('\n').filter((line) => line.trim() !== '')
  const reads = lines.map((line) => readValue(JSON.parse(line), file.name, ''))
  return {
    resources: reads.flatMap(({ resources }) => resources),
    diagnostics: reads.flatMap(({ diagnostics }) => diagnostics),
  }
}

function manifestOf(value: unknown, file: string): ReadResources['manifest'] {
  if (file !== 'package.json' || !isObject(value) || isResource(value)) return undefined
  const { name, version } = value
  return typeof name === 'string' && typeof version === 'string' ? { name, version } : undefined
}

const isModelInfo = ({ text }: PackageFile): boolean => /<(?:\w+:)?modelInfo\b/.test(text)
const isXml = ({ name }: PackageFile): boolean => /\.xml(\.gz)?$/i.test(name)

/** XML is read for model infos alone; what else a publisher gives as XML it gives as JSON beside. */
function readXml(file: PackageFile): ReadResources {
  return { resources: isModelInfo(file) ? [modelInfoResource(file.text, file.name)] : [], diagnostics: [] }
}

function passedOver(files: readonly PackageFile[]): readonly Diagnostic[] {
  const [first, ...more] = files.filter((file) => isXml(file) && !isModelInfo(file))
  if (first === undefined) return []
  const others = more.length === 0 ? '' : ` and ${more.length} more`
  const message = `XML is read for model infos only; passed over: ${first.name}${others}.`
  return [{ code: 'content/xml', severity: 'information', message }]
}

function modelInfoResource(xml: string, file: string): PackageResource {
  const model = modelInfoOf(xml, file)
  const { name, version } = model
  return { type: 'ModelInfo', url: model.url, version, name, file, body: xml, sha256: hashOfBody('ModelInfo', xml) }
}

/** A resource, or the entries of a Bundle to any depth. Types that packages are not made of are passed over. */
function readValue(value: unknown, file: string, element: string): ReadResources {
  if (!isResource(value)) {
    const place = { file, ...(element === '' ? {} : { element }) }
    return failed('content/no-resource', 'This is no FHIR resource.', place, 'Give a FHIR resource or Bundle.')
  }
  if (value.resourceType === 'Bundle') {
    const entries: readonly unknown[] = Array.isArray(value['entry']) ? value['entry'] : []
    const reads = entries.map((entry, index) =>
      readValue(isObject(entry) ? entry['resource'] : undefined, file, `${element}entry[${index}].resource`),
    )
    return {
      resources: reads.flatMap(({ resources }) => resources),
      diagnostics: reads.flatMap(({ diagnostics }) => diagnostics),
    }
  }
  return readResource(value, file, element)
}

function readResource(resource: Resource, file: string, element: string): ReadResources {
  const type = packageTypes.find((known) => known === resource.resourceType)
  if (type === undefined) return { resources: [], diagnostics: [] }
  const { url, version, name } = resource
  if (typeof url !== 'string' || url === '') {
    const place = {
      file,
      resource: `${type}/${resource.id ?? '?'}`,
      element: `${element === '' ? '' : `${element}.`}url`,
    }
    return failed('content/missing-canonical', `The ${type} has no url.`, place, 'Give it its canonical.')
  }
  const body = sortedJson(resource)
  const one: PackageResource = {
    type,
    url,
    ...(typeof version === 'string' ? { version } : {}),
    ...(typeof name === 'string' ? { name } : {}),
    file,
    body,
    sha256: hashOfBody(type, body),
  }
  const models = type === 'Library' ? modelInfosIn(resource).map((xml) => modelInfoResource(xml, file)) : []
  return { resources: [one, ...models], diagnostics: [] }
}

function distinct(resources: readonly PackageResource[]) {
  const kept = new Map<string, PackageResource>()
  const clashes: Diagnostic[] = []
  for (const resource of resources) {
    const key = `${resource.type} ${canonicalOf(resource)}`
    const first = kept.get(key)
    if (first === undefined) kept.set(key, resource)
    else if (first.sha256 !== resource.sha256) {
      clashes.push({
        code: 'content/two-contents',
        severity: 'error',
        message: `${key} is there twice with different content: in ${first.file} and in ${resource.file}.`,
        place: { file: resource.file, resource: key },
        remedy: 'Keep one of them, or give each its own version.',
      })
    }
  }
  return { kept: [...kept.keys()].sort().flatMap((key) => kept.get(key) ?? []), clashes }
}

function failed(code: string, message: string, place: NonNullable<Diagnostic['place']>, remedy: string): ReadResources {
  return { resources: [], diagnostics: [{ code, severity: 'error', message, place, remedy }] }
}
