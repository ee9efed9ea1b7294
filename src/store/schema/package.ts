/**
 * Published packages as they were installed. A resource's text is kept once by its hash (`package_content`), however
 * many packages hold it; `package_resource` names what a package holds, by canonical and version. A model info is a
 * resource of type `ModelInfo` whose text is XML; all other texts are FHIR JSON.
 */
export const packageTables = `
CREATE TABLE package (
  package_id INTEGER PRIMARY KEY,
  name VARCHAR NOT NULL,
  version VARCHAR NOT NULL,
  origin VARCHAR NOT NULL,
  sha256 VARCHAR NOT NULL,
  added_at TIMESTAMP NOT NULL,
  remarks JSON NOT NULL,
  UNIQUE (name, version)
);
CREATE TABLE package_resource (
  package_id INTEGER NOT NULL,
  type VARCHAR NOT NULL,
  url VARCHAR NOT NULL,
  version VARCHAR,
  name VARCHAR,
  file VARCHAR NOT NULL,
  sha256 VARCHAR NOT NULL
);
CREATE TABLE package_content (
  sha256 VARCHAR PRIMARY KEY,
  body VARCHAR NOT NULL
);
`
