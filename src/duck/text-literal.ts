/** A text as a literal of SQL, where no parameter can stand. */
export const textLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`
