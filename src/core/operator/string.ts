import { runFault } from '../value/run-fault.ts'
import type { Value } from '../value/value.ts'
import { type Operator, overload, ownNulls, strict } from './operator.ts'

const patterns = new Map<string, RegExp>()

/** The regular expression of a text, made once; a fault where it is none. */
function regularExpression(source: string, flags: string): RegExp {
  const key = `${flags}/${source}`
  const known = patterns.get(key)
  if (known !== undefined) return known
  // Other dialects escape characters that need it not (`\\-`), which the Unicode mode alone refuses.
  const made = compiled(source, flags) ?? compiled(source, flags.replace('u', ''))
  if (made === undefined) throw runFault('invalid-pattern', 'A text that should be a regular expression is none.')
  patterns.set(key, made)
  return made
}

function compiled(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags)
  } catch {
    return undefined
  }
}

const positionIn = (find: (text: string, pattern: string) => number) => (pattern: string, text: string) =>
  find(text, pattern)

function substring(text: string | null, start: number | null, length: number | null): string | null {
  if (text === null || start === null || start < 0 || start > text.length) return null
  if (start === text.length && text.length > 0) return null
  return length === null ? text.slice(start) : text.slice(start, start + Math.max(0, length))
}

/** ELM's `$1` and escaped `\$` as JavaScript's replacement syntax. */
function replaceMatches(text: string, pattern: string, replacement: string): string {
  return text.replace(regularExpression(pattern, 'gu'), replacement.replaceAll('\\$', '$$$$').replaceAll('\\\\', '\\'))
}

function combine(list: readonly Value[] | null, separator: string | null): string | null {
  const texts = list?.filter((item) => typeof item === 'string') ?? []
  return texts.length === 0 ? null : texts.join(separator ?? '')
}

function split(text: string | null, separator: string | null): readonly string[] | null {
  if (text === null) return null
  return separator === null ? [text] : text.split(separator)
}

const unary = (name: string, signature: string, run: (text: string) => Value) =>
  strict('string', name, [overload(signature, run)])

/** https://cql.hl7.org/09-b-cqlreference.html#string-operators-3. Positions count from 0, by UTF-16 unit. */
export const stringOperators: readonly Operator[] = [
  ownNulls('string', 'Combine', [overload('(List<String>, String): String', combine)], {
    fields: ['source', 'separator'],
  }),
  strict('string', 'Concatenate', [
    overload('(String, String): String', (left: string, right: string) => left + right),
  ]),
  strict('string', 'Add', [overload('(String, String): String', (left: string, right: string) => left + right)]),
  strict('string', 'EndsWith', [
    overload('(String, String): Boolean', (text: string, suffix: string) => text.endsWith(suffix)),
  ]),
  strict('string', 'StartsWith', [
    overload('(String, String): Boolean', (text: string, prefix: string) => text.startsWith(prefix)),
  ]),
  strict(
    'string',
    'PositionOf',
    [
      overload(
        '(String, String): Integer',
        positionIn((text, pattern) => text.indexOf(pattern)),
      ),
    ],
    { fields: ['pattern', 'string'] },
  ),
  strict(
    'string',
    'LastPositionOf',
    [
      overload(
        '(String, String): Integer',
        positionIn((text, pattern) => text.lastIndexOf(pattern)),
      ),
    ],
    { fields: ['pattern', 'string'] },
  ),
  strict('string', 'Matches', [
    overload('(String, String): Boolean', (text: string, pattern: string) =>
      regularExpression(`^(?:${pattern})$`, 'su').test(text),
    ),
  ]),
  strict('string', 'ReplaceMatches', [overload('(String, String, String): String', replaceMatches)]),
  ownNulls('string', 'Split', [overload('(String, String): List<String>', split)], {
    fields: ['stringToSplit', 'separator'],
  }),
  strict(
    'string',
    'SplitOnMatches',
    [
      overload('(String, String): List<String>', (text: string, pattern: string) =>
        text.split(regularExpression(pattern, 'u')),
      ),
    ],
    { fields: ['stringToSplit', 'separatorPattern'] },
  ),
  ownNulls('string', 'Substring', [overload('(String, Integer, Integer): String', substring)], {
    fields: ['stringToSub', 'startIndex', 'length'],
  }),
  unary('Length', '(String): Integer', (text) => text.length),
  unary('Lower', '(String): String', (text) => text.toLowerCase()),
  unary('Upper', '(String): String', (text) => text.toUpperCase()),
]
