/** Who read what, when, and why it was allowed or not. A row per request that touches patient data. */
export const auditTables = `
CREATE TABLE audit (
  read_at TIMESTAMP NOT NULL,
  request_id VARCHAR NOT NULL,
  user_id VARCHAR NOT NULL,
  role VARCHAR NOT NULL,
  action VARCHAR NOT NULL,
  route VARCHAR NOT NULL,
  measure_id VARCHAR,
  pids INTEGER[] NOT NULL,
  outcome VARCHAR NOT NULL
);
`
