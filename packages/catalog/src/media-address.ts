const MAX_URL_CHARS = 8_192;
const ASSET = /^asset:\/\/[\w.-]{1,128}$/;
/** How uploads are named on this service and on the hosted one: the hash of the bytes and the extension. */
const UPLOAD = /^(?:openapi|api)\/[0-9a-f]{32,64}\.[0-9a-z]{1,8}$/i;
const DATA_HEADER = /^data:[\w.+-]+\/[\w.+-]+(?:;[\w.+-]+=[\w.+-]+)*;base64,/i;
const MAX_DATA_HEADER_CHARS = 256;

/** Whether a text looks like the address of a file. Only its form is judged: nothing is fetched or decoded. */
export function isMediaAddress(value: string): boolean {
  if (/^data:/i.test(value.slice(0, 5))) {
    // Only the head is searched: a payload may have many megabytes.
    const header = DATA_HEADER.exec(value.slice(0, MAX_DATA_HEADER_CHARS));
    return header !== null && value.length > header[0].length;
  }
  if (value.length > MAX_URL_CHARS) return false;
  if (/^https?:\/\//i.test(value)) return URL.canParse(value);
  return ASSET.test(value) || UPLOAD.test(value);
}
