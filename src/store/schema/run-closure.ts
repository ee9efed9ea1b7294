/** Why closures evaluated persons for a measure that SQL says (\`run_engine.closures\`): how many for which reason, each person for one. */
export const runClosureTables = `
CREATE TABLE run_closure (
  run_id INTEGER NOT NULL,
  measure_id VARCHAR NOT NULL,
  reason VARCHAR NOT NULL,
  persons INTEGER NOT NULL
);
`
