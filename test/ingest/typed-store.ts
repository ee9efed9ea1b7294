import { typedFields } from '../../src/fhir/index.ts'
import { askForElements, type DerivedTable, holdElements, type Store } from '../../src/store/index.ts'

const whole = (types: readonly string[]) =>
  types.map((type) => ({ type, elements: (typedFields(type) ?? []).map(({ name }) => name) }))

/** Asks for all elements of these types, as logic does that reads them. */
export const askForAll = ({ session }: Store, ...types: readonly string[]): Promise<void> =>
  askForElements(session, whole(types))

/** Makes the typed tables of these types whole. */
export const holdAll = ({ session }: Store, ...types: readonly string[]): Promise<readonly DerivedTable[]> =>
  holdElements(session, whole(types))
