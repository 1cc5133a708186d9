/** How a name is kept to be searched in: SQLite and PostgreSQL do not agree on what the lower case of a letter is. */
export const fold = (name: string): string => name.normalize('NFC').toLowerCase();

/** For `like … escape '!'`: any text that holds this one, folded. */
export const toContaining = (text: string): string => `%${fold(text).replace(/[!%_]/g, '!$&')}%`;
