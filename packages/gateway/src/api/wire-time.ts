/** An instant as the compatible surfaces write it: `2026-01-31T12:00:00`, without a zone; here always UTC. */
export const toWireTime = (atMs: number): string => new Date(atMs).toISOString().slice(0, 19);
