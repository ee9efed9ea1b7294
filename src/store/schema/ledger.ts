/**
 * Where data came from: sources, jobs, files, and the lines that were refused. A file's `loaded_bytes`
 * (of its uncompressed text) and `loaded_lines` say how far it is staged, so that a killed job goes on there.
 * `published_seq` counts publications in the order in which they were made.
 */
export const ledgerTables = `
CREATE TABLE source (
  source_id SMALLINT PRIMARY KEY,
  name VARCHAR NOT NULL UNIQUE,
  time_zone VARCHAR NOT NULL,
  base_url VARCHAR,
  created_at TIMESTAMP NOT NULL
);
CREATE TABLE job (
  job_id INTEGER PRIMARY KEY,
  kind VARCHAR NOT NULL,
  source_id SMALLINT,
  origin VARCHAR NOT NULL,
  state VARCHAR NOT NULL,
  transaction_time VARCHAR,
  published_seq INTEGER,
  started_at TIMESTAMP NOT NULL,
  finished_at TIMESTAMP,
  message VARCHAR
);
CREATE TABLE source_file (
  file_id INTEGER PRIMARY KEY,
  job_id INTEGER NOT NULL,
  source_id SMALLINT NOT NULL,
  path VARCHAR NOT NULL,
  declared_type VARCHAR,
  declared_count BIGINT,
  bytes BIGINT NOT NULL,
  sha256 VARCHAR NOT NULL,
  state VARCHAR NOT NULL,
  loaded_bytes BIGINT NOT NULL DEFAULT 0,
  loaded_lines BIGINT NOT NULL DEFAULT 0,
  lines BIGINT,
  blank BIGINT,
  good BIGINT,
  quarantined BIGINT,
  inserted BIGINT,
  updated BIGINT,
  unchanged BIGINT,
  duplicate BIGINT,
  older BIGINT,
  other_type BIGINT,
  finished_at TIMESTAMP
);
CREATE TABLE quarantine (
  file_id INTEGER NOT NULL,
  line_no BIGINT NOT NULL,
  byte_offset BIGINT,
  code VARCHAR NOT NULL,
  reason VARCHAR NOT NULL,
  text BLOB
);
`
