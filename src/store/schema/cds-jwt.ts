/** The ids of JWTs that CDS clients used, until they expire; and since when they are kept. */
export const cdsJwtTables = `
CREATE TABLE cds_jwt_used (
  issuer VARCHAR NOT NULL,
  jti VARCHAR NOT NULL,
  expires_at TIMESTAMP NOT NULL,
  PRIMARY KEY (issuer, jti)
);
CREATE TABLE cds_jwt_kept (since TIMESTAMP NOT NULL);
`
