import type { ElmNode } from '../elm/index.ts'
import { anyType, type CoreType, choiceType, intervalType, listType, systemTypeNamed } from './type.ts'

const systemUri = 'urn:hl7-org:elm-types:r1'

/** The type that ELM writes as `{uri}Name`. */
export function typeOfName(name: string): CoreType {
  const match = /^\{(.*)\}(.+)$/.exec(name)
  const local = match?.[2] ?? name
  if (match?.[1] === systemUri || local.startsWith('System.'))
    return systemTypeNamed(local.replace(/^System\./, '')) ?? anyType
  return { kind: 'class', model: modelOfUri(match?.[1] ?? ''), name: local }
}

/** Every FHIR-based model (US Core, QI-Core) names its classes' data in FHIR's terms. */
function modelOfUri(uri: string): string {
  return uri.startsWith('http://hl7.org/fhir') ? 'FHIR' : uri
}

/** The type that a specifier node says. */
export function typeOfSpecifier(node: ElmNode): CoreType {
  switch (node.type) {
    case 'ListTypeSpecifier':
      return listType(typeOfSpecifier(node['elementType'] as ElmNode))
    case 'IntervalTypeSpecifier':
      return intervalType(typeOfSpecifier(node['pointType'] as ElmNode))
    case 'ChoiceTypeSpecifier':
      return choiceType(((node['choice'] ?? node['type_'] ?? []) as readonly ElmNode[]).map(typeOfSpecifier))
    case 'TupleTypeSpecifier':
      return {
        kind: 'tuple',
        elements: ((node['element'] ?? []) as readonly ElmNode[]).map((element) => ({
          name: String(element['name']),
          type: typeOfSpecifier((element['elementType'] ?? element['type']) as ElmNode),
        })),
      }
    default:
      return typeOfName(String(node['name']))
  }
}

/** The type that the translator wrote at a node; undefined where it wrote none. */
export function declaredType(node: ElmNode): CoreType | undefined {
  if (node.resultTypeName !== undefined) return typeOfName(node.resultTypeName)
  const specifier = node['resultTypeSpecifier'] as ElmNode | undefined
  return specifier === undefined ? undefined : typeOfSpecifier(specifier)
}
