import { summaryOf, worklistStatuses } from '../worklist-summary.ts'

const summaryColumns = worklistStatuses
  .flatMap((status) => [`${summaryOf(status).count} SMALLINT NOT NULL`, `${summaryOf(status).due} INTEGER NOT NULL`])
  .join(',\n  ')

/** The derived lists: made anew for each run and day, together with their indexes. */
export const worklistLists = `
CREATE TABLE worklist_person (
  pid INTEGER NOT NULL,
  name VARCHAR,
  birth_date VARCHAR,
  sex VARCHAR,
  deceased BOOLEAN NOT NULL,
  inactive BOOLEAN NOT NULL,
  hospice BOOLEAN NOT NULL,
  phone VARCHAR,
  language VARCHAR,
  race VARCHAR,
  ethnicity VARCHAR,
  payer VARCHAR,
  npi VARCHAR,
  provider VARCHAR,
  tin VARCHAR,
  practice VARCHAR,
  sources VARCHAR[] NOT NULL,
  name_rank INTEGER NOT NULL,
  age_rank INTEGER NOT NULL,
  practice_rank INTEGER NOT NULL,
  no_contact BOOLEAN NOT NULL,
  ${summaryColumns}
);
CREATE TABLE worklist_gap (
  pid INTEGER NOT NULL,
  measure_id VARCHAR NOT NULL,
  group_id VARCHAR NOT NULL,
  status VARCHAR NOT NULL,
  reason_code VARCHAR NOT NULL,
  due_date VARCHAR,
  stored_status VARCHAR NOT NULL,
  assigned_to VARCHAR,
  snoozed_until VARCHAR,
  claim VARCHAR,
  claim_until VARCHAR,
  version INTEGER NOT NULL,
  due_day INTEGER NOT NULL,
  no_contact BOOLEAN NOT NULL,
  out_of_outreach BOOLEAN NOT NULL,
  name_rank INTEGER NOT NULL,
  age_rank INTEGER NOT NULL,
  practice_rank INTEGER NOT NULL
);
CREATE TABLE worklist_visit (pid INTEGER NOT NULL, day VARCHAR NOT NULL, time VARCHAR, npi VARCHAR, provider VARCHAR, what VARCHAR);
`

/**
 * Work on gaps. `gap_work` holds how a gap's work stands now, a row per person, measure and group that anybody touched:
 * \`spid\` is a source patient of the person, which outlives a change of persons. \`work_event\` is every
 * change ever made, with the state before and after: nothing is deleted, an undo is an event too. A claim says that
 * something was done; it never counts as done, and ends at \`claim_until\` where no data have shown it by then.
 * \`worklist_person\`, \`worklist_gap\` and \`worklist_visit\` are derived from the newest run
 * and the work as of a day, for lists that must be fast; a change of work changes its row there too. A gap row holds what
 * lists are ordered by (\`due_day\` in days since 1970, ranks of its person) and whether its person is out of outreach or
 * must not be contacted (one of their gaps says so), so that a page reads one table and no text.
 */
export const worklistTables = `
CREATE SEQUENCE work_event_id;
CREATE TABLE gap_work (
  spid INTEGER NOT NULL,
  measure_id VARCHAR NOT NULL,
  group_id VARCHAR NOT NULL,
  assigned_to VARCHAR,
  snoozed_until VARCHAR,
  claim VARCHAR,
  claim_until VARCHAR,
  no_contact BOOLEAN NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (spid, measure_id, group_id)
);
CREATE TABLE work_event (
  event_id INTEGER PRIMARY KEY,
  made_at TIMESTAMP NOT NULL,
  user_id VARCHAR NOT NULL,
  action VARCHAR NOT NULL,
  spid INTEGER NOT NULL,
  measure_id VARCHAR NOT NULL,
  group_id VARCHAR NOT NULL,
  note VARCHAR,
  before JSON NOT NULL,
  after JSON NOT NULL,
  undoes INTEGER
);
CREATE TABLE worklist_state (run_id INTEGER NOT NULL, day VARCHAR NOT NULL);
${worklistLists}`
