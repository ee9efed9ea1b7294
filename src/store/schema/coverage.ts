/**
 * How far the data are whole, per source and type: runs consult it. A row of type \`*\` speaks of every type that has no
 * row of its own. \`reason\` is set while the newest refresh lacks something: what is stored is then of two times.
 * \`pull_alert\` remembers what was told of a scheduled pull, so that it is told once.
 */
export const coverageTables = `
CREATE TABLE coverage (
  source VARCHAR NOT NULL,
  type VARCHAR NOT NULL,
  complete_through VARCHAR,
  reason VARCHAR,
  pull_id INTEGER,
  recorded_at TIMESTAMP NOT NULL,
  PRIMARY KEY (source, type)
);
CREATE TABLE pull_alert (
  source VARCHAR NOT NULL,
  slot VARCHAR NOT NULL,
  event VARCHAR NOT NULL,
  told_at TIMESTAMP NOT NULL,
  PRIMARY KEY (source, slot, event)
);
`
