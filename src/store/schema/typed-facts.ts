/**
 * What the rows of typed tables have in common (\`TypedFacts\`, as JSON), as of a state of each table (\`typed_state\`): \`changed\` of \`rows\`
 * were added to it since all were read. Derived: it may be emptied at any time, and goes where a table is built anew.
 */
export const typedFactsTables = `
CREATE TABLE typed_facts (
  type VARCHAR PRIMARY KEY,
  shape_hash VARCHAR NOT NULL,
  derived_seq INTEGER NOT NULL,
  rows INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  facts JSON NOT NULL
);
`
