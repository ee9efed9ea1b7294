/**
 * Results of measure runs. They become visible when run.state turns to 'published'. Population counts are
 * NULL where the group has no such population. \`defines\` holds one letter per name in run_measure.defines:
 * t true, f false, n null, e error, l list with members, z empty list, v another value. Evidence: the
 * resources that the define's value holds, for people in the initial population. `observations` is
 * {id: [value]}, `strata` {stratum: {code: count}},
 * `stratum_observations` {stratum: {id: [value]}} of strata that have a part of what was observed; NULL where the group has no such thing.
 * `run_engine`: what evaluated a measure, and how many persons closures evaluated in its place (irregular records).
 */
export const runTables = `
CREATE TABLE run (
  run_id INTEGER PRIMARY KEY,
  state VARCHAR NOT NULL,
  engine VARCHAR NOT NULL,
  period_start VARCHAR NOT NULL,
  period_end VARCHAR NOT NULL,
  time_zone VARCHAR NOT NULL,
  data_snapshot VARCHAR NOT NULL,
  engine_version VARCHAR NOT NULL,
  started_at TIMESTAMP NOT NULL,
  finished_at TIMESTAMP,
  persons INTEGER,
  person_errors INTEGER
);
CREATE TABLE run_measure (
  run_id INTEGER NOT NULL,
  measure_id VARCHAR NOT NULL,
  measure_url VARCHAR NOT NULL,
  measure_version VARCHAR NOT NULL,
  title VARCHAR NOT NULL,
  content_hash VARCHAR NOT NULL,
  state VARCHAR NOT NULL,
  defines VARCHAR[] NOT NULL,
  diagnostics JSON NOT NULL
);
CREATE TABLE person_result (
  run_id INTEGER NOT NULL,
  measure_id VARCHAR NOT NULL,
  group_id VARCHAR NOT NULL,
  pid INTEGER NOT NULL,
  initial_population INTEGER,
  denominator INTEGER,
  denominator_exclusion INTEGER,
  denominator_exception INTEGER,
  numerator INTEGER,
  numerator_exclusion INTEGER,
  measure_population INTEGER,
  measure_population_exclusion INTEGER,
  defines VARCHAR NOT NULL,
  evidence STRUCT(define USMALLINT, rid BIGINT)[] NOT NULL,
  observations JSON,
  strata JSON,
  stratum_observations JSON
);
CREATE TABLE person_error (
  run_id INTEGER NOT NULL,
  measure_id VARCHAR NOT NULL,
  pid INTEGER NOT NULL,
  code VARCHAR NOT NULL,
  message VARCHAR NOT NULL,
  place JSON
);
CREATE TABLE gap (
  run_id INTEGER NOT NULL,
  measure_id VARCHAR NOT NULL,
  group_id VARCHAR NOT NULL,
  pid INTEGER NOT NULL,
  status VARCHAR NOT NULL,
  reason_code VARCHAR NOT NULL,
  sentence VARCHAR NOT NULL,
  evidence JSON NOT NULL,
  next_action VARCHAR,
  due_date VARCHAR
);
CREATE TABLE run_engine (
  run_id INTEGER NOT NULL,
  measure_id VARCHAR NOT NULL,
  engine VARCHAR NOT NULL,
  closures INTEGER NOT NULL
);
`
