/**
 * Results stand for a range of runs: \`result_row\`, \`error_row\` and \`gap_row\` name the run that made a row and the one that
 * took its place (2147483647: none yet). A run that takes over an earlier one closes the rows of those whom it evaluates anew, instead of
 * copying all others; runs that follow each other so are one lineage, and rows are of a lineage, not of a run. Readers see the
 * views, in which each run has all its rows. \`run_lineage\` names a lineage by its first run.
 */
export const resultRangeTables = `
CREATE TABLE run_lineage (run_id INTEGER PRIMARY KEY, lineage INTEGER NOT NULL);
INSERT INTO run_lineage SELECT run_id, run_id FROM run;
${rangeOf('person_result', 'result_row')}
${rangeOf('person_error', 'error_row')}
${rangeOf('gap', 'gap_row')}
`

function rangeOf(view: string, table: string): string {
  return `
ALTER TABLE ${view} RENAME TO ${table};
ALTER TABLE ${table} ADD COLUMN lineage INTEGER;
ALTER TABLE ${table} ADD COLUMN until_run INTEGER DEFAULT 2147483647;
UPDATE ${table} SET lineage = run_id;
CREATE VIEW ${view} AS
  SELECT r.run_id, t.* EXCLUDE (run_id, lineage, until_run)
  FROM ${table} t JOIN run_lineage r ON r.lineage = t.lineage AND r.run_id >= t.run_id AND r.run_id < t.until_run;`
}
