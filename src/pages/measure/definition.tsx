import type { MeasureGroup } from '../../content/index.ts'
import type { ValueSets } from '../../terminology/index.ts'
import { formatInstant, shortHash } from '../parts/format.ts'
import { Notice } from '../parts/notice.tsx'
import { Panel } from '../parts/panel.tsx'
import { RunStamp } from '../parts/run-facts.tsx'
import { LogicPanel } from './logic-panel.tsx'
import type { MeasureData } from './measure-data.ts'
import { ValueSetPanel } from './value-set-panel.tsx'

interface DefinitionProps {
  readonly data: MeasureData
  readonly group: MeasureGroup | undefined
  readonly valueSets: ValueSets
  readonly now: string
}

/** What a measure is made of: its logic, its value sets, and the stamp of its numbers. */
export const Definition = ({ data, group, valueSets, now }: DefinitionProps) => (
  <>
    {data.installed === undefined ? (
      <Notice title="The logic is not at hand">
        <p>
          {data.runMeasure?.state === 'failed'
            ? 'The measure could not be read when the server started; what the run says above is why. Mend it, start the server again, and evaluate.'
            : 'The measure was part of the last run and is not installed now, so its text cannot be shown.'}
        </p>
      </Notice>
    ) : (
      <>
        <LogicPanel measure={data.installed} group={group} />
        <ValueSetPanel measure={data.installed} valueSets={valueSets} />
      </>
    )}
    <Panel id="stamp" title="What these numbers rest on">
      {data.run === undefined ? (
        <dl class="stamp">
          <MeasureStamp data={data} now={now} />
        </dl>
      ) : (
        <RunStamp run={data.run}>
          <MeasureStamp data={data} now={now} />
        </RunStamp>
      )}
    </Panel>
  </>
)

const MeasureStamp = ({ data, now }: { readonly data: MeasureData; readonly now: string }) => (
  <>
    <dt>Canonical</dt>
    <dd>{data.runMeasure?.url ?? data.installed?.url}</dd>
    <dt>Measure and terminology</dt>
    <dd>
      <code>{shortHash(data.runMeasure?.contentHash ?? data.installed?.contentHash ?? '')}</code>
    </dd>
    <dt>Logic</dt>
    <dd>{data.installed === undefined ? 'not installed' : <code>{shortHash(data.installed.closure.hash)}</code>}</dd>
    <dt>Page made</dt>
    <dd>{formatInstant(now)}</dd>
  </>
)
