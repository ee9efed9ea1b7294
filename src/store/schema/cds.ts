/**
 * Cards that were given out (or, in shadow mode, would have been), and topics that could not be evaluated. `person` and
 * `clinician` are hashes: what stands here tells how decision support does, not who was seen.
 */
export const cdsTables = `
CREATE TABLE cds_card (
  fired_at TIMESTAMP NOT NULL,
  uuid VARCHAR NOT NULL,
  service_id VARCHAR NOT NULL,
  topic VARCHAR NOT NULL,
  indicator VARCHAR NOT NULL,
  person VARCHAR NOT NULL,
  fingerprint VARCHAR NOT NULL,
  site VARCHAR NOT NULL,
  clinician VARCHAR NOT NULL,
  role VARCHAR NOT NULL,
  shown BOOLEAN NOT NULL
);
CREATE TABLE cds_unmet (
  met_at TIMESTAMP NOT NULL,
  service_id VARCHAR NOT NULL,
  site VARCHAR NOT NULL,
  reason VARCHAR NOT NULL
);
`
