import {
  Code,
  type CodeSet,
  Concept,
  type CoreNode,
  Instance,
  isList,
  runFault,
  type Value,
  Vocabulary,
} from '../core/index.ts'
import { foldSystem, isObject, isResource, matchesProfile, type ProfileMatching, profileTestOf } from '../fhir/index.ts'
import type { Evaluate, Session } from './closure.ts'
import { elementReader, type ReaderOf } from './path.ts'
import type { CodingPair, RecordIndex } from './record-index.ts'

type RetrieveNode = Extract<CoreNode, { kind: 'retrieve' }>

/** A retrieve as a closure; `indexOf` gives the person's resources. */
export function retrieveClosure(
  node: RetrieveNode,
  codes: Evaluate | undefined,
  readerOf: ReaderOf,
  profiles: ProfileMatching,
): Evaluate {
  const type = node.dataType.slice('FHIR.'.length)
  const isOfProfile = profileTest(node.templateId, profiles)
  const ofProfileKey = `profile ${type} ${isOfProfile === undefined ? '' : `${profiles} ${node.templateId}`}`
  const path = node.codes?.path ?? ''
  const codingsKey = `codings ${ofProfileKey} ${path}`
  const readers = path.split('.').map((name) => elementReader(name, readerOf))
  const comparator = node.codes?.comparator ?? 'in'
  const isKnown = node.codes !== undefined && isConstant(node.codes.value)
  let known: Value | undefined
  const keptKey = `${comparator} ${codingsKey}`
  return (variables, session) => {
    const index = indexOf(session)
    const ofProfile = index.keep(ofProfileKey, () => {
      const all = index.ofType(type)
      return isOfProfile === undefined ? all : all.filter(isOfProfile)
    })
    if (codes === undefined) return ofProfile
    const wanted = known ?? codes(variables, session)
    if (isKnown) known = wanted
    const coded = index.keep(codingsKey, () =>
      ofProfile.map((instance) => conceptsAt(instance, readers, session).map(codedElement)),
    )
    const find = (test: CodeTest) => ofProfile.filter((_, position) => coded[position]?.some(test) === true)
    // What a value set or a code finds stays the same for the record, whoever asks.
    const sought = soughtBy(wanted, comparator, session) ?? (isKnown ? node : undefined)
    return sought === undefined
      ? find(codeTest(wanted, comparator, session))
      : index.keepFor(sought, keptKey, () => find(codeTest(wanted, comparator, session)))
  }
}

/** Codes that the logic names: they are the same for everybody. */
const isConstant = (node: CoreNode): boolean =>
  node.kind === 'const' ||
  (node.kind === 'list' && node.items.every(isConstant)) ||
  (node.kind === 'operator' && ['ToList', 'ToConcept'].includes(node.name) && node.args.every(isConstant))

/** The members of a value set stand for all that ask for it, of whatever measure. */
function soughtBy(wanted: Value, comparator: string, session: Session): CodeSet | undefined {
  return wanted instanceof Vocabulary && comparator !== '~' ? session.env.expansion(wanted) : undefined
}

/** The test that a profile asks of a resource; undefined where it asks none. */
function profileTest(profile: string | undefined, how: ProfileMatching): ((instance: Instance) => boolean) | undefined {
  if (profile === undefined || how === 'ignored' || profileTestOf(profile) === undefined) return undefined
  return ({ data }) => isResource(data) && matchesProfile(data, profile, how)
}

function indexOf(session: Session): RecordIndex {
  if (session.index === undefined) throw runFault('no-record', 'Resources are retrieved where no person is evaluated.')
  return session.index
}

/** A coded element: its JSON, and code and system of each coding. */
interface CodedElement {
  readonly data: unknown
  readonly codings: readonly CodingPair[]
}

const codedElement = (data: unknown): CodedElement => ({ data, codings: codingsOf(data) })

type CodeTest = (element: CodedElement) => boolean

/** What a coded element must meet: a member of a value set, one of some codes, or marked as not done for a value set. */
function codeTest(wanted: Value, comparator: string, session: Session): CodeTest {
  if (wanted === null) return () => false
  if (wanted instanceof Vocabulary) {
    if (comparator === '~') return ({ data }) => isNotDoneFor(data, wanted.id)
    const set = session.env.expansion(wanted)
    if (set === undefined) throw runFault('no-expansion', `No expansion of the value set ${wanted.id} is at hand.`)
    return ({ codings }) => codings.some(([code, system]) => set.has(code, system))
  }
  const codes = codesOf(wanted).map((one) => [one.code, folded(one.system)] as const)
  return ({ codings }) =>
    codings.some(([code, system]) => codes.some(([one, itsSystem]) => one === code && itsSystem === system))
}

/** One URI per code system, as in value sets. */
const folded = (system: string | null): string | null => (system === null ? null : foldSystem(system))

function codesOf(wanted: Value): readonly Code[] {
  if (wanted instanceof Code) return [wanted]
  if (wanted instanceof Concept) return wanted.codes
  if (isList(wanted)) return wanted.flatMap(codesOf)
  throw runFault('not-codes', 'A retrieve is filtered by what are no codes.')
}

/** QI-Core negations name the value set of which nothing was done in an extension of the code. */
function isNotDoneFor(data: unknown, valueSet: string): boolean {
  const extensions = isObject(data) ? data['extension'] : undefined
  if (!Array.isArray(extensions)) return false
  return extensions.some(
    (one) => isObject(one) && String(one['url']).endsWith('notDoneValueSet') && one['valueCanonical'] === valueSet,
  )
}

function conceptsAt(
  instance: Instance,
  readers: readonly ReturnType<typeof elementReader>[],
  session: Session,
): readonly unknown[] {
  const value = readers.reduce<Value>((item, read) => read(item, session), instance)
  const items = value === null ? [] : isList(value) ? value : [value]
  return items.map((item) => (item instanceof Instance ? item.data : undefined))
}

/** Code and system of each coding of a CodeableConcept, of a Coding, or a bare code. */
function codingsOf(data: unknown): readonly CodingPair[] {
  if (typeof data === 'string') return [[data, null]]
  if (!isObject(data)) return []
  const codings: readonly unknown[] = Array.isArray(data['coding']) ? data['coding'] : [data]
  return codings.flatMap((coding) => {
    if (!isObject(coding) || typeof coding['code'] !== 'string') return []
    return [[coding['code'], folded(typeof coding['system'] === 'string' ? coding['system'] : null)] as const]
  })
}
