/**
 * What the data of today say of a measure as of a day of the year before, where no run was made then: counts alone, of the
 * facts that were dated up to that day. `counts` is a ScorecardCounts. It is no run: nobody's result is kept.
 */
export const lookBackTables = `
CREATE TABLE look_back (
  measure_id VARCHAR NOT NULL,
  group_id VARCHAR NOT NULL,
  as_of VARCHAR NOT NULL,
  period_start VARCHAR NOT NULL,
  period_end VARCHAR NOT NULL,
  time_zone VARCHAR NOT NULL,
  content_hash VARCHAR NOT NULL,
  made_at TIMESTAMP NOT NULL,
  counts JSON NOT NULL
);
`
