import type { Diagnostic, Place } from '../../base/index.ts'
import { packagedConceptMaps } from '../../content/index.ts'
import type { Session } from '../../duck/index.ts'
import { foldSystem, isObject, type PersonRecord, type RecordEntry, type Resource } from '../../fhir/index.ts'
import { normalText, readConceptMap, type StatedMap } from '../../terminology/index.ts'

const rxNorm = 'http://www.nlm.nih.gov/research/umls/rxnorm'

type Coding = Readonly<Record<'system' | 'code' | 'display', string>>

/** RxNorm ingredients by what a site calls its products: codes of any system, and texts of concepts. */
export type DrugIngredients = ReadonlyMap<string, readonly Coding[]>

export interface LoadedIngredients {
  readonly ingredients: DrugIngredients
  /** ConceptMaps that are not installed or cannot be read, and translations that are not taken. */
  readonly remarks: readonly Diagnostic[]
}

/** The ingredients that ConceptMaps of installed packages name, by the maps' canonicals. */
export async function loadDrugIngredients(session: Session, urls: readonly string[]): Promise<LoadedIngredients> {
  if (urls.length === 0) return { ingredients: new Map(), remarks: [] }
  const installed = (await packagedConceptMaps(session)).filter(({ url }) => urls.includes(url))
  const absent = urls.filter((url) => !installed.some((one) => one.url === url)).map(notInstalled)
  const read = readDrugIngredients(
    installed.map(({ file, url, resource }) => ({ resource, place: { file, resource: `ConceptMap ${url}` } })),
  )
  return { ingredients: read.ingredients, remarks: [...absent, ...read.remarks] }
}

/** The same from ConceptMaps as they are. A product with several ingredients has several targets. */
export function readDrugIngredients(
  maps: readonly { readonly resource: unknown; readonly place: Place }[],
): LoadedIngredients {
  const ingredients = new Map<string, Coding[]>()
  const remarks: Diagnostic[] = []
  for (const { resource, place } of maps) {
    const read = readConceptMap(resource, place)
    remarks.push(...read.diagnostics)
    for (const map of read.ok ? read.value : []) {
      const key = keyOf(map)
      if (key === undefined || foldSystem(map.toSystem) !== rxNorm || map.source !== null)
        remarks.push(noIngredient(map, place))
      else ingredients.set(key, [...(ingredients.get(key) ?? []), codingOf(map)])
    }
  }
  return { ingredients, remarks }
}

const codeKey = (system: string, code: string): string => `${foldSystem(system)}|${code}`
const textKey = (text: string): string => ` ${normalText(text)}`

function keyOf({ kind, fromSystem, fromValue }: StatedMap): string | undefined {
  if (kind === 'code') return codeKey(fromSystem, fromValue)
  return kind === 'text' ? textKey(fromValue) : undefined
}

/** Logic finds an ingredient by its code or its name; one without a name is named by its code, so that it is known all the same. */
const codingOf = ({ toCode, toDisplay }: StatedMap): Coding => ({
  system: rxNorm,
  code: toCode,
  display: toDisplay ?? `RxNorm ingredient ${toCode}`,
})

/** The record with the ingredients beside the codes of its products; the same one where no map has anything to say. */
export function withIngredients(record: PersonRecord, ingredients: DrugIngredients): PersonRecord {
  if (ingredients.size === 0) return record
  const entries = record.entries.map((entry) => entryWith(entry, ingredients))
  return entries.every((entry, at) => entry === record.entries[at]) ? record : { ...record, entries }
}

const namingTypes: ReadonlySet<string> = new Set([
  'MedicationRequest',
  'MedicationStatement',
  'MedicationDispense',
  'Medication',
])

function entryWith(entry: RecordEntry, ingredients: DrugIngredients): RecordEntry {
  if (!namingTypes.has(entry.type)) return entry
  const resource = withNamed(entry.resource, ingredients) as Resource
  return resource === entry.resource ? entry : { ...entry, resource }
}

type Json = Readonly<Record<string, unknown>>

/** Where products are named; what is contained is a Medication too. */
const naming: Readonly<Record<string, (value: unknown, ingredients: DrugIngredients) => unknown>> = {
  medicationCodeableConcept: conceptWith,
  code: conceptWith,
  itemCodeableConcept: conceptWith,
  ingredient: listWith,
  contained: listWith,
}

function withNamed(resource: Json, ingredients: DrugIngredients): Json {
  let changed: Record<string, unknown> | undefined
  for (const [element, read] of Object.entries(naming)) {
    const told = read(resource[element], ingredients)
    if (told === resource[element]) continue
    changed ??= { ...resource }
    changed[element] = told
  }
  return changed ?? resource
}

function listWith(value: unknown, ingredients: DrugIngredients): unknown {
  if (!Array.isArray(value)) return value
  const told = value.map((item: unknown) => (isObject(item) ? withNamed(item, ingredients) : item))
  return told.every((item, at) => item === value[at]) ? value : told
}

function conceptWith(value: unknown, ingredients: DrugIngredients): unknown {
  if (!isObject(value)) return value
  const { coding, text } = value
  const codings = Array.isArray(coding) ? coding.filter(isObject) : []
  const keys = codings.flatMap(({ system, code }) =>
    typeof code === 'string' ? [codeKey(typeof system === 'string' ? system : '', code)] : [],
  )
  if (typeof text === 'string') keys.push(textKey(text))
  const found = keys.flatMap((key) => ingredients.get(key) ?? [])
  return found.length === 0 ? value : { ...value, coding: [...codings, ...found] }
}

function notInstalled(url: string): Diagnostic {
  return {
    code: 'cards/no-ingredient-map',
    severity: 'error',
    message: `No installed package has the ConceptMap ${url}, which cds.ingredientMaps names.`,
    remedy: 'Add its package (`caregap package add`), or take it out of the configuration.',
  }
}

function noIngredient({ fromValue, toSystem, toCode }: StatedMap, place: Place): Diagnostic {
  return {
    code: 'cards/no-ingredient',
    severity: 'warning',
    message: `The translation of ${fromValue} to ${toSystem}|${toCode} is not taken: it is none of a product of all sources to RxNorm.`,
    place,
    remedy: `Translate products to ingredients of ${rxNorm}.`,
  }
}
