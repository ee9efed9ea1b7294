/** What clinicians did with cards: a row per feedback entry as sent; one card may be reported several times. */
export const feedbackTables = `
CREATE TABLE cds_feedback (
  received_at TIMESTAMP NOT NULL,
  service_id VARCHAR NOT NULL,
  user_id VARCHAR NOT NULL,
  card VARCHAR NOT NULL,
  outcome VARCHAR NOT NULL,
  outcome_timestamp VARCHAR NOT NULL,
  suggestions VARCHAR[] NOT NULL,
  reason_system VARCHAR,
  reason_code VARCHAR,
  reason_display VARCHAR,
  comment VARCHAR
);
`
