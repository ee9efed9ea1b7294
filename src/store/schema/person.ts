/**
 * Who the facts are about. `spid` is one patient of one source and never changes; `pid` is the person
 * and may change when identities are resolved anew: it is the lowest spid of the person's members. \`person\`
 * is filled anew by each resolution (an index would cost more than its pid is worth: it is in pid order).
 * \`patient_said\` holds what the current Patients say of who they are, \`visit\` a row for each individual that an encounter names
 * which took place (one without where it names none), \`visit_provider\` and \`visit_place\` whom and what visits may name: read
 * from the lines once, and then only from those that changed (derived-state).
 */
export const personTables = `
CREATE TABLE source_patient (
  spid INTEGER PRIMARY KEY,
  source_id SMALLINT NOT NULL,
  patient_id VARCHAR NOT NULL,
  pid INTEGER,
  UNIQUE (source_id, patient_id)
);
CREATE TABLE person (
  pid INTEGER NOT NULL,
  birth_date VARCHAR,
  sex VARCHAR,
  deceased BOOLEAN NOT NULL,
  name VARCHAR,
  sources SMALLINT NOT NULL
);
CREATE TABLE identity_finding (
  code VARCHAR NOT NULL,
  message VARCHAR NOT NULL,
  source_id SMALLINT,
  identifier_system VARCHAR,
  spids INTEGER[] NOT NULL
);
CREATE TABLE roster (
  npi VARCHAR NOT NULL,
  tin VARCHAR NOT NULL,
  practice VARCHAR NOT NULL,
  provider_name VARCHAR,
  from_date DATE,
  to_date DATE
);
CREATE TABLE patient_said (
  rid BIGINT NOT NULL,
  spid INTEGER NOT NULL,
  updated_us BIGINT,
  birth_date VARCHAR,
  sex VARCHAR,
  deceased BOOLEAN NOT NULL,
  identifiers STRUCT(system VARCHAR, value VARCHAR, use VARCHAR)[],
  names STRUCT(use VARCHAR, text VARCHAR, family VARCHAR, given VARCHAR[])[]
);
CREATE TABLE visit (
  rid BIGINT NOT NULL,
  spid INTEGER NOT NULL,
  pid INTEGER NOT NULL,
  source_id SMALLINT NOT NULL,
  day DATE,
  organization VARCHAR,
  reference VARCHAR,
  npi VARCHAR
);
CREATE TABLE visit_provider (
  source_id SMALLINT NOT NULL,
  reference VARCHAR NOT NULL,
  npi VARCHAR,
  name VARCHAR,
  organization VARCHAR
);
CREATE TABLE visit_place (source_id SMALLINT NOT NULL, reference VARCHAR NOT NULL, name VARCHAR, tin VARCHAR);
CREATE TABLE attribution (
  pid INTEGER NOT NULL,
  npi VARCHAR,
  provider_name VARCHAR,
  tin VARCHAR,
  practice VARCHAR,
  source_id SMALLINT NOT NULL,
  visits INTEGER NOT NULL,
  last_visit VARCHAR
);
`
