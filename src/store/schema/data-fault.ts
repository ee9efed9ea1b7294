/**
 * What is wrong with current resources, each where it stands: a clinical date that had not come when its line was loaded
 * (\`named\`: the element), and a reference to what its source never sent (\`named\`: the type referred to, \`target\`: the rid that it
 * would have; NULL of a URN). \`data_fault_count\` is the sum by source and type, which pages read,
 * with how many resources of the type the source had then (\`held\`). Derived: both may be emptied at any
 * time with their row of \`derived_state\`.
 */
export const dataFaultTables = `
CREATE TABLE data_fault (
  kind VARCHAR NOT NULL,
  rid BIGINT NOT NULL,
  spid INTEGER,
  source_id SMALLINT NOT NULL,
  type VARCHAR NOT NULL,
  named VARCHAR NOT NULL,
  target BIGINT,
  file_id INTEGER NOT NULL,
  line_no BIGINT NOT NULL
);
CREATE TABLE data_fault_count (
  kind VARCHAR NOT NULL,
  source_id SMALLINT NOT NULL,
  type VARCHAR NOT NULL,
  named VARCHAR NOT NULL,
  resources INTEGER NOT NULL,
  patients INTEGER NOT NULL,
  targets INTEGER NOT NULL,
  held INTEGER NOT NULL,
  file_id INTEGER NOT NULL,
  line_no BIGINT NOT NULL
);
`
