/** The header that names a request as the log does, so that its operator finds what went wrong. */
export const REQUEST_ID = 'x-request-id';

/** What a page's own code may read of an answer. */
export const EXPOSED_HEADERS = ['Location', 'Retry-After', 'Preference-Applied', 'X-Request-Id'];

/** @param start what sets this process apart from others, and from itself before a restart. */
export function createRequestIds(start: string): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `req_${start}_${count.toString(36)}`;
  };
}
