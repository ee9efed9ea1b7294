import type { Migration } from '../../duck/index.ts'
import { asyncAnswerTables } from './async-answer.ts'
import { auditTables } from './audit.ts'
import { cdsTables } from './cds.ts'
import { cdsJwtTables } from './cds-jwt.ts'
import { changeTables } from './change.ts'
import { codeMapTables } from './code-map.ts'
import { coverageTables } from './coverage.ts'
import { dataFaultTables } from './data-fault.ts'
import { elementValueTables } from './element-value.ts'
import { feedbackTables } from './feedback.ts'
import { ledgerTables } from './ledger.ts'
import { lookBackTables } from './look-back.ts'
import { measureFactsTables } from './measure-facts.ts'
import { packageTables } from './package.ts'
import { personTables } from './person.ts'
import { personLineTables } from './person-line.ts'
import { populationSooner, populationView } from './population.ts'
import { pullTables } from './pull.ts'
import { releaseTables } from './release.ts'
import { resourceTables } from './resource.ts'
import { resultRangeTables } from './result-range.ts'
import { runTables } from './run.ts'
import { runBasisTables } from './run-basis.ts'
import { runClosureTables } from './run-closure.ts'
import { terminologyTables } from './terminology.ts'
import { typedFactsTables } from './typed-facts.ts'
import { worklistTables } from './worklist.ts'

/** The schema's history. Before the first release step 1 is edited in place; afterwards steps are only added. */
export const migrations: readonly Migration[] = [
  {
    version: 1,
    name: 'the house',
    sql: [
      ledgerTables,
      personTables,
      resourceTables,
      populationView,
      terminologyTables,
      packageTables,
      runTables,
      auditTables,
      feedbackTables,
      cdsTables,
      cdsJwtTables,
      pullTables,
      changeTables,
      worklistTables,
      runBasisTables,
      codeMapTables,
      coverageTables,
      asyncAnswerTables,
      elementValueTables,
      releaseTables,
      personLineTables,
      lookBackTables,
    ].join('\n'),
  },
  { version: 2, name: 'facts of measures', sql: measureFactsTables },
  { version: 3, name: 'faults of data', sql: dataFaultTables },
  { version: 4, name: 'why closures evaluated persons', sql: runClosureTables },
  { version: 5, name: 'who counts, found sooner', sql: populationSooner },
  { version: 6, name: 'results that stand for a range of runs', sql: resultRangeTables },
  { version: 7, name: 'facts of typed tables', sql: typedFactsTables },
]
