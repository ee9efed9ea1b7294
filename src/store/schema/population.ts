/**
 * Who counts in runs and in all that is made of them: persons of a source that takes part. One whom only outside organisations
 * know does not, though what these say of a person who counts is among that person's facts. With `outside_source` empty all do.
 */
export const populationView = `
CREATE TABLE outside_source (name VARCHAR PRIMARY KEY);
CREATE VIEW population AS
  SELECT DISTINCT coalesce(p.pid, p.spid) AS pid FROM source_patient p JOIN source s USING (source_id)
  WHERE NOT EXISTS (SELECT 1 FROM outside_source) OR (
    s.name NOT IN (SELECT name FROM outside_source)
    AND p.spid IN (SELECT spid FROM resource_current WHERE spid IS NOT NULL AND NOT deleted));
`

/** The same, which does not look through all resources where no source is outside: nearly all of the time went there. */
export const populationSooner = `
CREATE OR REPLACE VIEW population AS
  SELECT DISTINCT coalesce(p.pid, p.spid) AS pid FROM source_patient p JOIN source s USING (source_id)
  WHERE NOT EXISTS (SELECT 1 FROM outside_source) OR (
    s.name NOT IN (SELECT name FROM outside_source)
    AND p.spid IN (SELECT spid FROM resource_current
      WHERE spid IS NOT NULL AND NOT deleted AND EXISTS (SELECT 1 FROM outside_source)));
`
