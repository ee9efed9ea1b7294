/**
 * Exports pulled from Bulk Data servers. A pull's state is written before the step that it names is done:
 * starting -> kicking-off -> polling -> downloading -> downloaded -> committed -> done, or failed, or
 * cancelling -> cancelled. `kick_offs` counts the requests sent. URLs of files are never kept: they may be signed;
 * a file is known by its section, page and place in the manifest. `pull_watermark` is what the next pull asks from.
 * `purpose` is refresh, or what comes before it: members (who is in the group), joined (all of who is new in it).
 * `pull_member` is who was met as a member of a group, from which pull to which.
 */
export const pullTables = `
CREATE TABLE pull (
  pull_id INTEGER PRIMARY KEY,
  source VARCHAR NOT NULL,
  purpose VARCHAR NOT NULL,
  scope_hash VARCHAR NOT NULL,
  request JSON NOT NULL,
  since VARCHAR,
  state VARCHAR NOT NULL,
  folder VARCHAR NOT NULL,
  kick_offs INTEGER NOT NULL DEFAULT 0,
  status_url VARCHAR,
  server_date VARCHAR,
  server_progress VARCHAR,
  transaction_time VARCHAR,
  partial BOOLEAN,
  job_id INTEGER,
  message VARCHAR,
  started_at TIMESTAMP NOT NULL,
  finished_at TIMESTAMP
);
CREATE TABLE pull_file (
  pull_id INTEGER NOT NULL,
  section VARCHAR NOT NULL,
  page INTEGER NOT NULL,
  place INTEGER NOT NULL,
  type VARCHAR,
  name VARCHAR NOT NULL,
  declared_count BIGINT,
  state VARCHAR NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  bytes BIGINT,
  lines BIGINT,
  sha256 VARCHAR,
  message VARCHAR,
  finished_at TIMESTAMP
);
CREATE TABLE pull_finding (
  pull_id INTEGER NOT NULL,
  severity VARCHAR NOT NULL,
  code VARCHAR NOT NULL,
  message VARCHAR NOT NULL,
  detail JSON
);
CREATE TABLE pull_watermark (
  source VARCHAR NOT NULL,
  scope_hash VARCHAR NOT NULL,
  since VARCHAR NOT NULL,
  pull_id INTEGER NOT NULL,
  PRIMARY KEY (source, scope_hash)
);
CREATE TABLE pull_member (
  source VARCHAR NOT NULL,
  group_id VARCHAR NOT NULL,
  patient_id VARCHAR NOT NULL,
  joined_pull INTEGER NOT NULL,
  left_pull INTEGER,
  PRIMARY KEY (source, group_id, patient_id)
);
`
