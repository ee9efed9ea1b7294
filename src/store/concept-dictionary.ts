import type { Session } from '../duck/index.ts'
import { type Coding, foldSystem, isObject } from '../fhir/index.ts'

/** A coding as the dictionary keeps it; its system is the folded URI. */
interface CodingRow {
  readonly coding_id: number
  readonly system: string | null
  readonly version: string | null
  readonly code: string | null
  readonly display: string | null
}

const codingKey = (parts: readonly (string | null)[]): string => JSON.stringify(parts)

/**
 * The codings and concepts met so far. A concept is a sorted set of codings; `learn` gives each JSON text of
 * codings its cid, `bind` makes the texts known to SQL: the type `concept_text` and the variable `concept_cids`.
 */
export class ConceptDictionary {
  readonly #session: Session
  readonly #codings: Map<string, number>
  readonly #concepts: Map<string, number>
  readonly #texts: Map<string, number>
  /** The sessions that know all texts. */
  #bound = new WeakSet<Session>()

  private constructor(
    session: Session,
    codings: Map<string, number>,
    concepts: Map<string, number>,
    texts: Map<string, number>,
  ) {
    this.#session = session
    this.#codings = codings
    this.#concepts = concepts
    this.#texts = texts
  }

  static async open(session: Session): Promise<ConceptDictionary> {
    const codings = await session.all<CodingRow>('FROM coding')
    const concepts = await session.all<{ cid: number; coding_ids: number[] }>('FROM concept')
    const texts = await session.all<{ text: string; cid: number }>('FROM concept_text')
    return new ConceptDictionary(
      session,
      new Map(codings.map((row) => [codingKey([row.system, row.version, row.code, row.display]), row.coding_id])),
      new Map(concepts.map((row) => [row.coding_ids.join(), row.cid])),
      new Map(texts.map((row) => [row.text, row.cid])),
    )
  }

  /** Adds the texts that are new, with their concepts and codings, in an order of their own. */
  async learn(texts: readonly string[]): Promise<void> {
    const fresh = texts.filter((text) => !this.#texts.has(text)).toSorted()
    if (fresh.length === 0) return
    const codings: unknown[] = []
    const concepts: unknown[] = []
    const learnt: unknown[] = []
    for (const text of fresh) {
      const ids = codingsOf(text).map((parts) =>
        take(this.#codings, codingKey(parts), (id) => codings.push([id, ...parts])),
      )
      const set = [...new Set(ids)].sort((a, b) => a - b)
      const cid = take(this.#concepts, set.join(), (id) => concepts.push([id, set]))
      this.#texts.set(text, cid)
      learnt.push([text, cid])
    }
    await this.#insert('coding', codings, ['INTEGER', 'VARCHAR', 'VARCHAR', 'VARCHAR', 'VARCHAR'])
    await this.#insert('concept', concepts, ['INTEGER', 'INTEGER[]'])
    await this.#insert('concept_text', learnt, ['VARCHAR', 'INTEGER'])
    this.#bound = new WeakSet()
  }

  /** Within the transaction of what reads by it: both statements must see the same texts, and others may learn meanwhile. */
  async bind(session: Session): Promise<void> {
    const bound = this.#bound
    if (bound.has(session)) return
    await session.run('DROP TYPE IF EXISTS temp.concept_text')
    await session.run('CREATE TEMP TYPE concept_text AS ENUM (SELECT text FROM concept_text ORDER BY text)')
    await session.run('SET VARIABLE concept_cids = (SELECT list(cid ORDER BY text) FROM concept_text)')
    bound.add(session)
  }

  async #insert(
    table: 'coding' | 'concept' | 'concept_text',
    rows: readonly unknown[],
    types: readonly string[],
  ): Promise<void> {
    const columns = types.map(
      (type, index) => `CAST(json_extract${type === 'VARCHAR' ? '_string' : ''}(u, '$[${index}]') AS ${type})`,
    )
    for (let start = 0; start < rows.length; start += 5000) {
      await this.#session.run(
        `INSERT INTO ${table} SELECT ${columns.join(', ')} FROM (SELECT unnest(from_json($rows, '["JSON"]')) AS u)`,
        {
          rows: JSON.stringify(rows.slice(start, start + 5000)),
        },
      )
    }
  }
}

function take(map: Map<string, number>, key: string, onNew: (id: number) => void): number {
  const known = map.get(key)
  if (known !== undefined) return known
  const id = map.size + 1
  map.set(key, id)
  onNew(id)
  return id
}

/** The codings of a `coding` array or of one Coding, as [system, version, code, display]. */
function codingsOf(text: string): (string | null)[][] {
  const parsed: unknown = JSON.parse(text)
  const items = Array.isArray(parsed) ? (parsed as unknown[]) : [parsed]
  return items.filter(isObject).map((item) => {
    const { system, version, code, display } = item as Coding
    return [
      typeof system === 'string' ? foldSystem(system) : null,
      stringOf(version),
      stringOf(code),
      stringOf(display),
    ]
  })
}

const stringOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)
