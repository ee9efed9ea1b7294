import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fault } from '../base/index.ts'

/** An element of a class of the model: one type, or several where it is a choice (`value[x]`). */
export interface ModelElement {
  readonly name: string
  /** Names without the model's prefix: `CodeableConcept`, `Encounter.Location`, `System.String`. */
  readonly types: readonly string[]
  readonly repeats: boolean
}

/** A class: a resource, a datatype or a backbone element. */
export interface ModelClass {
  readonly name: string
  readonly base: string | undefined
  /** Own elements and those of all bases, the bases' first. */
  readonly elements: readonly ModelElement[]
}

/** The classes of FHIR R4 as CQL sees them. */
export interface ModelInfo {
  readonly version: string
  /** Undefined where the model has no such class. */
  classOf(name: string): ModelClass | undefined
}

let shared: ModelInfo | undefined

/** The FHIR 4.0.1 model info that comes with cql-exec-fhir; read once per process. */
export function fhirModelInfo(): ModelInfo {
  shared ??= parseModelInfo(
    readFileSync(
      createRequire(import.meta.url).resolve('cql-exec-fhir/lib/modelInfos/fhir-modelinfo-4.0.1.xml'),
      'utf8',
    ),
  )
  return shared
}

interface OpenClass {
  readonly name: string
  readonly base: string | undefined
  readonly own: OpenElement[]
}

interface OpenElement {
  readonly name: string
  readonly types: string[]
  repeats: boolean
}

/** Reads a model info (urn:hl7-org:elm-modelinfo:r1). Fault: `fhir/model-info-empty`. */
export function parseModelInfo(xml: string): ModelInfo {
  const classes = readClasses(xml)
  const version = /<modelInfo\b[^>]*?\sversion="([^"]*)"/.exec(xml)?.[1]
  if (version === undefined || classes.size === 0)
    throw fault('bug', 'fhir/model-info-empty', 'The model info holds no classes.')
  const elementsOf = (name: string | undefined): readonly ModelElement[] => {
    const found = name === undefined ? undefined : classes.get(name)
    return found === undefined ? [] : [...elementsOf(found.base), ...found.own]
  }
  return {
    version,
    classOf(name) {
      const found = classes.get(name)
      return found === undefined ? undefined : { name, base: found.base, elements: elementsOf(name) }
    },
  }
}

// The file is machine-made and flat: a walk over its tags is all that it needs.
function readClasses(xml: string): Map<string, OpenClass> {
  const classes = new Map<string, OpenClass>()
  let openClass: OpenClass | undefined
  let openElement: OpenElement | undefined
  for (const [, closing, tag, text = '', selfClosing] of xml.matchAll(
    /<(\/?)([\w:]+)((?:\s+[\w:]+="[^"]*")*)\s*(\/?)>/g,
  )) {
    const attributes = attributesOf(text)
    if (tag === 'typeInfo') {
      openClass =
        closing === '/' ? undefined : { name: attributes['name'] ?? '', base: plain(attributes['baseType']), own: [] }
      if (openClass !== undefined) classes.set(openClass.name, openClass)
      if (selfClosing === '/') openClass = undefined
    } else if (tag === 'element' && openClass !== undefined) {
      openElement = closing === '/' ? undefined : beginElement(openClass, attributes)
      if (selfClosing === '/') openElement = undefined
    } else if (openElement !== undefined && closing === '') {
      addType(openElement, tag, attributes)
    }
  }
  return classes
}

function beginElement(openClass: OpenClass, attributes: Readonly<Record<string, string>>): OpenElement {
  const type = plain(attributes['elementType'])
  const element = { name: attributes['name'] ?? '', types: type === undefined ? [] : [type], repeats: false }
  openClass.own.push(element)
  return element
}

function addType(element: OpenElement, tag: string | undefined, attributes: Readonly<Record<string, string>>): void {
  if (tag === 'choice') element.types.push(attributes['name'] ?? '')
  if (tag !== 'elementTypeSpecifier') return
  if (attributes['xsi:type'] === 'ListTypeSpecifier') element.repeats = true
  const type = plain(attributes['elementType'] ?? attributes['name'])
  if (type !== undefined) element.types.push(type)
}

function attributesOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...text.matchAll(/([\w:]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]))
}

const plain = (type: string | undefined): string | undefined => type?.replace(/^FHIR\./, '')
