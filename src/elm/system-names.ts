import { fhirModelInfo } from '../fhir/index.ts'
import type { ModelInfo } from './model-info.ts'

const systemUri = 'urn:hl7-org:elm-types:r1'

/**
 * Names that a model gives to types of System, `{http://hl7.org/fhir}NotDoneRecorded` -> `{urn:...}DateTime`: QI-Core
 * calls what an extension holds so, and values of them are those of System alone. Names that FHIR has too are FHIR's:
 * their values have elements. Models: beside FHIR.
 */
export function systemNames(models: readonly ModelInfo[]): ReadonlyMap<string, string> {
  return new Map(models.filter((model) => model.name !== 'FHIR').flatMap((model) => [...namesOf(model)]))
}

function namesOf(model: ModelInfo): ReadonlyMap<string, string> {
  const xml = model.xml()
  const [head = ''] = /<modelInfo\b[^>]*>/.exec(xml) ?? []
  const uris = [attribute(head, 'url'), attribute(head, 'targetUrl')].filter((uri) => uri !== undefined)
  const bases = new Map(
    [...xml.matchAll(/<typeInfo\b[^>]*>/g)].flatMap(([tag]) => {
      const [name, base] = [attribute(tag, 'name'), attribute(tag, 'baseType')]
      return name === undefined || base === undefined ? [] : [[name, base] as const]
    }),
  )
  const known = fhirModelInfo()
  const names = new Map<string, string>()
  for (const [name, base] of bases) {
    const system = systemBase(base, model.name, bases)
    if (system === undefined || known.classOf(name) !== undefined) continue
    for (const uri of uris) names.set(`{${uri}}${name}`, `{${systemUri}}${system}`)
  }
  return names
}

const attribute = (tag: string, name: string): string | undefined => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1]

/** The type of System that a class derives from; undefined where that is only `System.Any`, as of any class. */
function systemBase(base: string, model: string, bases: ReadonlyMap<string, string>): string | undefined {
  let one: string | undefined = base
  for (let steps = 0; one !== undefined && steps <= bases.size; steps++) {
    if (one.startsWith('System.')) return one === 'System.Any' ? undefined : one.slice('System.'.length)
    one = bases.get(one.startsWith(`${model}.`) ? one.slice(model.length + 1) : one)
  }
  return undefined
}

/** The text of ELM with these names replaced wherever a type is named. */
export function renamedTypes(json: string, names: ReadonlyMap<string, string>): string {
  return names.size === 0
    ? json
    : json.replaceAll(/"(\{[^}"]+\}[\w.]+)"/g, (text, name) => (names.has(name) ? `"${names.get(name)}"` : text))
}
