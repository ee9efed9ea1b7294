/**
 * What was told to those who may not see small counts. \`release_run\` says of each published run and measure whether its counts
 * may be told beside those that were told before, of the same period. \`release_stratum\` holds the strata of such a run as
 * they were told first, NULL where a count was hidden: what is told later is held against them.
 */
export const releaseTables = `
CREATE TABLE release_run (
  run_id INTEGER NOT NULL,
  measure_id VARCHAR NOT NULL,
  is_told BOOLEAN NOT NULL,
  PRIMARY KEY (run_id, measure_id)
);
CREATE TABLE release_stratum (
  run_id INTEGER NOT NULL,
  measure_id VARCHAR NOT NULL,
  group_id VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,
  position INTEGER NOT NULL,
  id VARCHAR,
  label VARCHAR,
  at_risk INTEGER,
  numerator INTEGER
);
`
