import type { InstalledMeasure, MeasureGroup } from '../../content/index.ts'
import { CqlText } from '../parts/cql-text.tsx'
import { textsOfDefines } from '../parts/define-text.ts'
import { populationName } from './counts.ts'

/** The name under which the main library's text is kept. */
export const mainLibrary = (measure: InstalledMeasure): string => measure.closure.main.identifier.id

/** The CQL text of the main library; empty where the package came without its text. */
export const mainText = (measure: InstalledMeasure): string => measure.closure.cql.get(mainLibrary(measure)) ?? ''

const Population = ({
  code,
  define,
  text,
}: {
  readonly code: MeasureGroup['populations'][number]['code']
  readonly define: string
  readonly text: string | undefined
}) => (
  <details>
    <summary>
      <span>{populationName(code as Parameters<typeof populationName>[0]) ?? code}</span>
      <span class="small soft">define “{define}”</span>
    </summary>
    {text === undefined ? (
      <p class="soft">The text of this define is not at hand.</p>
    ) : (
      <CqlText text={text} label={`CQL of ${define}`} />
    )}
  </details>
)

/** The logic as its authors wrote it: the define behind each population, then whole libraries. */
export const LogicPanel = ({
  measure,
  group,
}: {
  readonly measure: InstalledMeasure
  readonly group: MeasureGroup | undefined
}) => {
  const texts = textsOfDefines(mainText(measure))
  return (
    <section class="panel logic" aria-labelledby="logic">
      <div class="panel-head">
        <h2 id="logic">Logic</h2>
        <p>
          CQL, as it was translated and run: library {mainLibrary(measure)}{' '}
          {measure.closure.main.identifier.version ?? ''}
        </p>
      </div>
      {(group?.populations ?? []).map((population) => (
        <Population code={population.code} define={population.define} text={texts.get(population.define)} />
      ))}
      {[...measure.closure.cql].toReversed().map(([name, text]) => (
        <details>
          <summary>
            <span>Whole library {name}</span>
            <span class="small soft">{text.split('\n').length} lines</span>
          </summary>
          <CqlText text={text} label={`CQL of library ${name}`} />
        </details>
      ))}
    </section>
  )
}
