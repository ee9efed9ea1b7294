/**
 * Answers that are made while their caller does not wait. `running` only while the process that began them lives: at its
 * next start what is still running was interrupted. `body` is the answer (a FHIR resource as JSON) of what is done,
 * or the OperationOutcome of what failed, with its HTTP status; `pids` are the persons that it tells of.
 */
export const asyncAnswerTables = `
CREATE TABLE async_answer (
  answer_id VARCHAR PRIMARY KEY,
  state VARCHAR NOT NULL,
  user_id VARCHAR NOT NULL,
  measure_id VARCHAR,
  started_at TIMESTAMP NOT NULL,
  expires_at TIMESTAMP NOT NULL,
  status INTEGER,
  body VARCHAR,
  pids INTEGER[]
);
`
