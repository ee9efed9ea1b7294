import type { ElmNode } from '../../elm/index.ts'
import { declaredType, typeOfName } from '../elm-type.ts'
import type { CoreNode } from '../node.ts'
import { formatType, listType } from '../type.ts'
import { children, type LowerNode } from './context.ts'

/** A retrieve by type, with its comparison of codes where it has one; ranges of dates are refused. */
const lowerRetrieve: LowerNode = (node, context) => {
  if (node['dateRange'] !== undefined || children(node, 'dateFilter').length > 0)
    return context.refuse(
      node,
      'unsupported',
      'A retrieve by date range is not supported.',
      'Write it as a where clause.',
    )
  if (context.unfiltered)
    return context.refuse(
      node,
      'unfiltered-retrieve',
      'A retrieve in the Unfiltered context looks at everybody, which no engine here does.',
      'Write it in the Patient context.',
    )
  const type = typeOfName(String(node['dataType']))
  const codes = node['codes'] as ElmNode | undefined
  const value = codes === undefined ? undefined : context.lower(codes)
  const retrieve: CoreNode = {
    kind: 'retrieve',
    dataType: formatType(type),
    type: declaredType(node) ?? listType(type),
    origin: context.originOf(node),
    ...(typeof node['templateId'] === 'string' ? { templateId: node['templateId'] } : {}),
    ...(value === undefined
      ? {}
      : {
          codes: {
            path: String(node['codeProperty']),
            comparator: typeof node['codeComparator'] === 'string' ? node['codeComparator'] : 'in',
            value,
          },
        }),
  }
  return retrieve
}

/** https://cql.hl7.org/elm.html#retrieve */
export const retrieveTable: Readonly<Record<string, LowerNode>> = { Retrieve: lowerRetrieve }
