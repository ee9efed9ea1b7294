import {
  type ProfileMatching,
  type ProfileSign,
  type ProfileTest,
  profileTestOf,
  prohibitionUrl,
} from '../../fhir/index.ts'
import { both, choose, constant, either, guard, isNotNull, not, test, truth } from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { irregularBy } from '../algebra/irregular.ts'
import { booleanTypeOf, integerTypeOf, listOf, textTypeOf } from '../algebra/types.ts'
import type { DataSource } from './data-source.ts'
import type { ResourceTable } from './resource.ts'

/** What a retrieve by profile asks of a resource's columns, never null; undefined where it asks nothing. */
export function profileCondition(
  profile: string | undefined,
  table: ResourceTable,
  data: DataSource,
  how: ProfileMatching,
): Expr | undefined {
  const asked = profile === undefined || how === 'ignored' ? undefined : profileTestOf(profile)
  if (asked === undefined) return undefined
  const declares = declared(asked, table, data)
  return how === 'declared' ? declares : either(declares, inferred(asked, table, data))
}

/** What is true of every list of profiles that resources name, or of none; undefined where they differ or are not known. */
function ofAll(
  { type }: ResourceTable,
  data: DataSource,
  holds: (named: readonly string[]) => boolean,
): Expr | undefined {
  const found = new Set(data.factsOf(type)?.profiles?.map(holds))
  const [only] = found
  return found.size === 1 && only !== undefined ? truth(only) : undefined
}

function declared({ profile }: ProfileTest, table: ResourceTable, data: DataSource): Expr {
  const known = ofAll(table, data, (named) => named.some((one) => one.split('|')[0] === profile))
  return known ?? test('isTrue', test('declaresProfile', table.profiles, text(profile)))
}

const text = (value: string) => constant(value, textTypeOf)

/** Of resources that name no profile of the guide: those that show what defines it. */
function inferred({ publishers, signs }: ProfileTest, table: ResourceTable, data: DataSource): Expr {
  const prefixes = constant(publishers, listOf(textTypeOf))
  const known = ofAll(table, data, (named) => named.some((one) => publishers.some((prefix) => one.startsWith(prefix))))
  const tagged = known ?? test('isTrue', test('namesProfileOf', table.profiles, prefixes))
  const shown = signs.map((sign) => signCondition(sign, table, data)).reduce(both, truth(true))
  return choose(booleanTypeOf, [[tagged, truth(false)]], shown)
}

function signCondition(sign: ProfileSign, table: ResourceTable, data: DataSource): Expr {
  switch (sign.sign) {
    case 'status': {
      const is = test('isTrue', test('equals', element(table, 'status'), text(sign.status)))
      return sign.is ? is : not(is)
    }
    case 'prohibited': {
      const is = prohibited(table)
      return sign.is ? is : not(is)
    }
    case 'category':
      return categoryCondition(sign, table, data)
    case 'code': {
      const wanted = data.cidsWhere((code, system) => system === sign.system && sign.codes.includes(code))
      return meets(element(table, 'code'), wanted)
    }
  }
}

/** The elements that tell a profile's resources from others where they name none. */
export const signElements = ['status', 'doNotPerform', 'modifierExtension', 'category', 'encounter', 'code'] as const

/** An element by its column; where the type has none, the resource is evaluated by closures. */
function element(table: ResourceTable, name: (typeof signElements)[number]): Expr {
  const found = table.item.kind === 'pack' ? table.item.fields[name] : undefined
  return found ?? guard(truth(null), truth(true), irregularBy(`no column for ${table.type}.${name}`))
}

/** By the element, where the type has it, or by the modifier extension. Never null. */
function prohibited(table: ResourceTable): Expr {
  const fields = table.item.kind === 'pack' ? table.item.fields : {}
  const own = fields['doNotPerform']
  const extended = test('hasTrueExtension', element(table, 'modifierExtension'), text(prohibitionUrl))
  const is = test('isTrue', extended)
  return own === undefined ? is : either(test('isTrue', own), is)
}

const cidList = (cids: readonly number[]) => constant(cids, listOf(integerTypeOf))

/** Is a concept, or one of a list of them, one of these? Never null. */
function meets(concept: Expr, cids: readonly number[]): Expr {
  const template = concept.type.kind === 'list' ? 'anyInList' : 'inList'
  return test('isTrue', test(template, concept, cidList(cids)))
}

function categoryCondition(
  sign: Extract<ProfileSign, { sign: 'category' }>,
  table: ResourceTable,
  data: DataSource,
): Expr {
  const category = element(table, 'category')
  const found = meets(
    category,
    data.cidsWhere((code) => sign.codes.includes(code)),
  )
  const none = cidList(data.cidsWithoutCode())
  const listed = category.type.kind === 'list'
  const coded = listed
    ? test('someOutside', category, none)
    : both(isNotNull(category), not(test('inList', category, none)))
  return choose(booleanTypeOf, [[test('isTrue', coded), found]], withoutCategory(sign.without, table))
}

function withoutCategory(without: Extract<ProfileSign, { sign: 'category' }>['without'], table: ResourceTable): Expr {
  if (without === 'met') return truth(true)
  const inVisit = isNotNull(element(table, 'encounter'))
  return without === 'met in a visit' ? inVisit : not(inVisit)
}
