import { textLiteral } from '../duck/index.ts'

const letters = 'abcdefghijklmnopqrstuvwxyz'.split('')

/** English names of languages by the two or three letters of their ISO 639 codes; three mean the same as two where both exist. */
function languageNames(): readonly (readonly [code: string, name: string])[] {
  const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' })
  const two = letters.flatMap((first) => letters.map((second) => `${first}${second}`))
  return [...two, ...two.flatMap((start) => letters.map((third) => `${start}${third}`))].flatMap((code) => {
    const name = names.of(code)
    return name === undefined ? [] : [[code, name] as const]
  })
}

/** A statement that makes the table which `languageNameSql` reads in a session. */
export const makeLanguageNames = (): string =>
  `CREATE OR REPLACE TEMP TABLE language_name AS SELECT * FROM (VALUES ${languageNames()
    .map(([code, name]) => `('${code}', ${textLiteral(name)})`)
    .join(', ')}) known(code, name)`

/**
 * SQL of a language's name from a BCP 47 tag and from words, either of which may be NULL: sources write `es`, `es-US`, `spa`
 * or "Spanish" and mean one language. What is no language's code or name stays as it is written.
 */
export const languageNameSql = (tag: string, words: string): string => `coalesce(
  (SELECT any_value(n.name) FROM temp.language_name n WHERE n.code = lower(split_part(${tag}, '-', 1))),
  (SELECT any_value(n.name) FROM temp.language_name n WHERE lower(n.name) = lower(trim(${words}))),
  ${words}, ${tag})`
