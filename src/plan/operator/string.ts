import type { CoreType } from '../../core/index.ts'
import { call } from '../algebra/build.ts'
import type { TemplateName } from '../algebra/template-name.ts'
import { booleanTypeOf, integerTypeOf, listOf, textTypeOf } from '../algebra/types.ts'
import type { Formula, FormulaTable } from './formula.ts'

const apply =
  (template: TemplateName, type: CoreType): Formula =>
  (_, ...operands) =>
    call(template, type, ...operands)

export const stringFormulas: FormulaTable = {
  'Concatenate(String, String): String': apply('concatenate', textTypeOf),
  'Add(String, String): String': apply('concatenate', textTypeOf),
  'EndsWith(String, String): Boolean': apply('endsWith', booleanTypeOf),
  'StartsWith(String, String): Boolean': apply('startsWith', booleanTypeOf),
  'PositionOf(String, String): Integer': apply('positionOf', integerTypeOf),
  'LastPositionOf(String, String): Integer': apply('lastPositionOf', integerTypeOf),
  'Matches(String, String): Boolean': apply('matches', booleanTypeOf),
  'ReplaceMatches(String, String, String): String': apply('replaceMatches', textTypeOf),
  'Split(String, String): List<String>': apply('split', listOf(textTypeOf)),
  'SplitOnMatches(String, String): List<String>': apply('splitOnMatches', listOf(textTypeOf)),
  'Substring(String, Integer, Integer): String': apply('substring', textTypeOf),
  'Indexer(String, Integer): String': apply('characterAt', textTypeOf),
  'Length(String): Integer': apply('lengthOfText', integerTypeOf),
  'Lower(String): String': apply('lower', textTypeOf),
  'Upper(String): String': apply('upper', textTypeOf),
  'ToChars(String): List<String>': apply('characters', listOf(textTypeOf)),
}
