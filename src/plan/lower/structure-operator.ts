import { type CoreType, formatType } from '../../core/index.ts'
import { choose, field, isNotNull, nothing } from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import type { Scope } from '../algebra/scope.ts'
import { anyTypeOf, booleanTypeOf, decimalTypeOf, listOf, systemName, textTypeOf } from '../algebra/types.ts'
import { comparedParts } from '../formula/equality.ts'
import { absentFrom, asRows, exprAt, mapped, open } from './list.ts'
import type { ListSite } from './list-site.ts'
import { type Lowered, type Rows, scalar, typeOf } from './lowered.ts'
import { concatenated } from './united-list.ts'

/** Elements of the structured types, in their order; undefined where only a value can tell what it has. */
function elementsOf(type: CoreType): readonly (readonly [string, CoreType])[] | undefined {
  if (type.kind === 'class' || type.kind === 'uncertain' || type.kind === 'list') return undefined
  if (type.kind === 'choice') return type.of.every((one) => elementsOf(one)?.length === 0) ? [] : undefined
  if (type.kind === 'interval')
    return [
      ['low', type.of],
      ['high', type.of],
      ['lowClosed', booleanTypeOf],
      ['highClosed', booleanTypeOf],
    ]
  if (systemName(type) === 'Quantity')
    return [
      ['value', decimalTypeOf],
      ['unit', textTypeOf],
    ]
  return comparedParts(type) ?? []
}

/** Lists that one after the other are a value's children or, where it goes deep, all that is in it. */
function childrenOf(value: Expr, at: Scope, site: ListSite, deep: boolean): readonly Rows[] {
  if (value.type.kind === 'list') return [eachOf(asRows(scalar(at, value)), at, site, deep)]
  const elements = elementsOf(value.type)
  if (elements === undefined) return site.refuse(`The children of a value of the type ${formatType(value.type)}`)
  return elements.flatMap(([name, type]) => {
    const child = field(value, name, type)
    if (type.kind === 'list') return [eachOf(asRows(scalar(at, child)), at, site, deep)]
    return [only(child, value, at), ...(deep ? childrenOf(child, at, site, true) : [])]
  })
}

/** A list of a child; what is null has no children. */
function only(child: Expr, of: Expr, at: Scope): Rows {
  const type = listOf(child.type)
  return asRows(scalar(at, choose(type, [[isNotNull(of), { kind: 'array', type, items: [child] }]])))
}

/** The elements of a list, each followed by all that is in it. */
function eachOf(list: Rows, at: Scope, site: ListSite, deep: boolean): Rows {
  if (!deep) return list
  const outer = open(list, at)
  const own: Expr = { kind: 'array', type: listOf(outer.item.type), items: [outer.item] }
  const around = [asRows(scalar(outer.scope, own)), ...childrenOf(outer.item, outer.scope, site, true)]
  const inner = concatenated(around, outer.scope)
  return mapped({ ...inner, order: [...outer.order, ...inner.order] }, at, inner.item)
}

const within =
  (deep: boolean) =>
  (site: ListSite, operand: Lowered): Lowered => {
    const { at } = site
    const type = typeOf(operand)
    if (type.kind === 'system' && type.name === 'Any') return scalar(at, nothing(listOf(anyTypeOf)))
    if (type.kind === 'list') {
      const list = asRows(operand)
      const each = eachOf(list, at, site, deep)
      return { ...each, ...(list.present === undefined ? {} : { present: present(list, at) }) }
    }
    const value = at.bind(exprAt(operand, at), 'value')
    const lists = childrenOf(value, at, site, deep)
    if (lists.length === 0) return scalar(at, choose(noChildren.type, [[isNotNull(value), noChildren]]))
    const all = concatenated(lists, at)
    return mapped(all, at, all.item, isNotNull(value))
  }

const present = (list: Rows, at: Scope): Expr => choose(booleanTypeOf, [[absentFrom(list, at), falsehood]], truth)
const noChildren: Expr = { kind: 'array', type: listOf(anyTypeOf), items: [] }
const truth: Expr = { kind: 'const', value: true, type: booleanTypeOf }
const falsehood: Expr = { kind: 'const', value: false, type: booleanTypeOf }

/** https://cql.hl7.org/09-b-cqlreference.html#children and #descendents, of values whose type is known. */
export const childrenOperator: (site: ListSite, operand: Lowered) => Lowered = within(false)
export const descendantsOperator: (site: ListSite, operand: Lowered) => Lowered = within(true)
