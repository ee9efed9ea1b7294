/**
 * What stands in the elements by which measures find resources, counted over the current resources: \`element_value\` by
 * type, JSON path, source and value (JSON text), as of the publication that \`element_value_state\` names for the type, with the paths that were counted.
 * \`unmapped_value\` is what of it no measure reads, in the order of its list, made of those counts and of the measures
 * that \`unmapped_state\` names. Derived: they may be emptied at any time.
 */
export const elementValueTables = `
CREATE TABLE element_value (
  type VARCHAR NOT NULL,
  path VARCHAR NOT NULL,
  source VARCHAR NOT NULL,
  value VARCHAR NOT NULL,
  count INTEGER NOT NULL
);
CREATE TABLE element_value_state (
  type VARCHAR PRIMARY KEY,
  counted_seq INTEGER NOT NULL,
  paths VARCHAR NOT NULL
);
CREATE TABLE unmapped_value (
  position INTEGER NOT NULL,
  kind VARCHAR NOT NULL,
  type VARCHAR NOT NULL,
  source VARCHAR NOT NULL,
  system VARCHAR NOT NULL,
  value VARCHAR NOT NULL,
  display VARCHAR,
  count INTEGER NOT NULL,
  candidates JSON NOT NULL
);
CREATE TABLE unmapped_state (counted_seq INTEGER NOT NULL, read_hash VARCHAR NOT NULL);
`
