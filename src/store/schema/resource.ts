/**
 * The record itself. \`raw_line\` is every distinct version as received, append-only; \`resource_current\` names the
 * version that counts today; \`job_line\` stages the good lines of a job until it is published. \`rid\` is decided
 * by (source, type, id) alone, never by load order: it is also the position of a resource in a CQL list.
 * \`reduced\` ones hold some of their elements only (tag SUBSETTED). \`spid\` is the compartment's patient. Rows are appended ordered by spid block by block, so that one
 * person's record lies in few row groups. The text is not compressed: that halves the file, but makes reading one
 * person four times slower and loading a third. Typed tables are made at run time, from the model info, and hold what
 * \`typed_element\` names: the elements that some logic has read, \`id\` for every type among them. A coding's system is the
 * folded URI, a concept is a sorted set of codings, and concept_text maps their JSON as met to the concept.
 */
export const resourceTables = `
CREATE TABLE raw_line (
  rid BIGINT NOT NULL USING COMPRESSION uncompressed,
  hash UHUGEINT NOT NULL USING COMPRESSION uncompressed,
  spid INTEGER,
  source_id SMALLINT NOT NULL,
  type VARCHAR NOT NULL,
  id VARCHAR NOT NULL,
  version_id VARCHAR,
  last_updated VARCHAR,
  file_id INTEGER NOT NULL,
  line_no BIGINT NOT NULL,
  raw VARCHAR NOT NULL USING COMPRESSION uncompressed
);
CREATE TABLE resolved_line (rid BIGINT NOT NULL, hash UHUGEINT NOT NULL, raw VARCHAR NOT NULL);
CREATE TABLE job_line (
  job_id INTEGER NOT NULL,
  file_id INTEGER NOT NULL,
  line_no BIGINT NOT NULL,
  rid BIGINT NOT NULL,
  hash UHUGEINT NOT NULL,
  spid INTEGER,
  type VARCHAR NOT NULL,
  id VARCHAR NOT NULL,
  version_id VARCHAR,
  updated_us BIGINT,
  reduced BOOLEAN NOT NULL
);
CREATE TABLE resource_current (
  rid BIGINT NOT NULL,
  hash UHUGEINT NOT NULL,
  spid INTEGER,
  source_id SMALLINT NOT NULL,
  type VARCHAR NOT NULL,
  id VARCHAR NOT NULL,
  updated_us BIGINT,
  changed_seq INTEGER NOT NULL,
  deleted BOOLEAN NOT NULL,
  reduced BOOLEAN NOT NULL DEFAULT false
);
CREATE VIEW resource AS
  SELECT s.name AS source, c.type, c.id, l.version_id, l.last_updated, c.deleted, l.raw, c.rid, c.spid,
    coalesce(p.pid, p.spid) AS pid
  FROM resource_current c
  JOIN raw_line l ON l.rid = c.rid AND l.hash = c.hash
  JOIN source s ON s.source_id = c.source_id
  LEFT JOIN source_patient p ON p.spid = c.spid;
CREATE VIEW security_label AS
  SELECT source, type, id, rid, pid, label.system, label.code, label.display
  FROM (SELECT *, unnest(from_json(json_extract(raw, '$.meta.security'),
      '[{"system":"VARCHAR","code":"VARCHAR","display":"VARCHAR"}]')) AS label
    FROM resource WHERE NOT deleted AND contains(raw, '"security"'));
CREATE TABLE coding (
  coding_id INTEGER PRIMARY KEY,
  system VARCHAR,
  version VARCHAR,
  code VARCHAR,
  display VARCHAR
);
CREATE TABLE concept (cid INTEGER PRIMARY KEY, coding_ids INTEGER[] NOT NULL);
CREATE TABLE concept_text (text VARCHAR NOT NULL, cid INTEGER NOT NULL);
CREATE TABLE typed_state (
  type VARCHAR PRIMARY KEY,
  shape_hash VARCHAR NOT NULL,
  derived_seq INTEGER NOT NULL
);
CREATE TABLE typed_element (
  type VARCHAR NOT NULL,
  element VARCHAR NOT NULL,
  PRIMARY KEY (type, element)
);
`
