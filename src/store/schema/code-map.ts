/**
 * Translations of local codes, texts and units to standard ones. \`state\` is proposed, approved or retired; a changed
 * proposal is a new row, so that what a run used can be read later, and who approved it: an approval stays written down
 * when the map is retired. \`mapped_line\` is derived: the text of each current
 * version that an approved map has something to say of, with what it says; raw_line stays as it was received.
 */
export const codeMapTables = `
CREATE TABLE code_map (
  map_id INTEGER PRIMARY KEY,
  state VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,
  source VARCHAR,
  from_system VARCHAR NOT NULL,
  from_value VARCHAR NOT NULL,
  to_system VARCHAR NOT NULL,
  to_code VARCHAR NOT NULL,
  to_display VARCHAR,
  version INTEGER NOT NULL,
  proposed_at TIMESTAMP NOT NULL,
  proposed_by VARCHAR NOT NULL,
  approved_at TIMESTAMP,
  approved_by VARCHAR,
  retired_at TIMESTAMP,
  retired_by VARCHAR
);
CREATE TABLE mapped_line (rid BIGINT NOT NULL, hash UHUGEINT NOT NULL, type VARCHAR NOT NULL, raw VARCHAR NOT NULL);
`
