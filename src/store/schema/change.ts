/**
 * What each refresh changed, for whom. \`data_state\` has a row per state of the data that was ever complete (loaded,
 * persons resolved, typed, attributed), with the snapshot text that runs are stamped with and
 * the sources that did not take part. \`person_change\` names the
 * source patients that became different with it (\`population\`: whether they count); \`former_pid\` is whom they belonged to before,
 * where that person counted. \`change_base\` is who
 * and whose everybody was at the newest state: what the next one is compared with. \`left_patient\` are source patients of whom a publication took a resource away,
 * because its new version names somebody else. \`derived_state\` says up to which publication a table that is kept beside the
 * lines (\`patient_said\`, \`visit\`, \`outside_reference\`) follows them, and what else it was made of.
 * \`outside_reference\` says which resources of patients refer to what may be of no patient (a Medication, a Practitioner); \`target\` is its rid, whether it is
 * there or not.
 */
export const changeTables = `
CREATE TABLE data_state (
  state_id INTEGER PRIMARY KEY,
  snapshot VARCHAR NOT NULL,
  published_seq INTEGER NOT NULL,
  recorded_at TIMESTAMP NOT NULL,
  outside VARCHAR NOT NULL
);
CREATE TABLE person_change (
  state_id INTEGER NOT NULL,
  kind VARCHAR NOT NULL,
  spid INTEGER NOT NULL,
  former_pid INTEGER
);
CREATE TABLE left_patient (published_seq INTEGER NOT NULL, spid INTEGER NOT NULL);
CREATE TABLE change_base (spid INTEGER NOT NULL, pid INTEGER NOT NULL, counted BOOLEAN NOT NULL, attribution UBIGINT);
CREATE TABLE derived_state (name VARCHAR PRIMARY KEY, basis VARCHAR NOT NULL, derived_seq INTEGER NOT NULL);
CREATE TABLE outside_reference (rid BIGINT NOT NULL, spid INTEGER NOT NULL, target BIGINT NOT NULL);
`
