/** Value-set members as they were when last loaded; a run names the expansions it used by hash. */
export const terminologyTables = `
CREATE TABLE value_set (
  value_set_id INTEGER PRIMARY KEY,
  url VARCHAR NOT NULL,
  version VARCHAR,
  title VARCHAR,
  sha256 VARCHAR NOT NULL,
  members INTEGER NOT NULL
);
CREATE TABLE value_set_member (
  value_set_id INTEGER NOT NULL,
  system VARCHAR NOT NULL,
  code VARCHAR NOT NULL,
  display VARCHAR
);
`
