/**
 * What of the facts that measures read each source holds, counted once per state of run, measures and typed tables, which `state`
 * names. `found` is JSON text of what the counting made. Derived: it may be emptied at any time.
 */
export const measureFactsTables = `
CREATE TABLE measure_facts (state VARCHAR NOT NULL, run_id INTEGER NOT NULL, found JSON NOT NULL);
`
