/**
 * Where each current resource of a person stands in \`raw_line\`, clustered by \`pid\`: a record is read by one query that looks
 * nowhere else. What has no \`spid\` is of no patient and comes by reference (\`outside_reference\`); its \`line\` is NULL where there is no
 * such resource. \`line\` is the number of the row, \`mark\` 32 bits of its hash: a row that is another now is known by them.
 * Derived. Whatever changes a person's resources takes the person out, in its own transaction; who is not in the table is
 * read the long way, and put in by the next refresh. \`person_line_state\`: how many rows were added since all were last put
 * in order, and the types that references are followed to.
 */
export const personLineTables = `
CREATE TABLE person_line (
  pid INTEGER NOT NULL,
  spid INTEGER,
  source_id SMALLINT,
  type VARCHAR NOT NULL,
  id VARCHAR,
  rid BIGINT NOT NULL,
  mark UINTEGER,
  line BIGINT
);
CREATE TABLE person_line_state (added BIGINT NOT NULL, follows VARCHAR[] NOT NULL);
INSERT INTO person_line_state VALUES (0, []);
`
