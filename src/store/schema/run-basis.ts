/**
 * What a run was made of, beyond its stamp: the logic and package of each measure, the expansions that it read, the
 * code maps that stood, and who was whose patient then (so that its lines stay what they were when patients are joined
 * or parted). \`carried_from\` is the run whose results of unaffected persons were taken over; \`evaluated\` counts the
 * persons that were evaluated for it.
 */
export const runBasisTables = `
CREATE TABLE run_setting (
  run_id INTEGER NOT NULL,
  code_maps VARCHAR NOT NULL,
  carried_from INTEGER,
  evaluated INTEGER
);
CREATE TABLE run_logic (
  run_id INTEGER NOT NULL,
  measure_id VARCHAR NOT NULL,
  logic_hash VARCHAR NOT NULL,
  package VARCHAR
);
CREATE TABLE run_value_set (
  run_id INTEGER NOT NULL,
  measure_id VARCHAR NOT NULL,
  canonical VARCHAR NOT NULL,
  version VARCHAR,
  sha256 VARCHAR NOT NULL
);
CREATE TABLE run_person (run_id INTEGER NOT NULL, spid INTEGER NOT NULL, pid INTEGER NOT NULL);
`
