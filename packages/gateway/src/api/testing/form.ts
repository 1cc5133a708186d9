/** One part of a form, as bytes on the wire. */
export type Part = { name: string; fileName?: string; type?: string; value: string | Buffer };

const BOUNDARY = 'boundary-of-the-tests';
export const FORM_TYPE = `multipart/form-data; boundary=${BOUNDARY}`;

/** A form in exactly the order and with exactly the headers that a test asks for. */
export function toForm(parts: readonly Part[]): Buffer {
  const chunks = parts.flatMap(({ name, fileName, type, value }) => [
    Buffer.from(
      [
        `--${BOUNDARY}`,
        `Content-Disposition: form-data; name="${name}"${fileName === undefined ? '' : `; filename="${fileName}"`}`,
        ...(type === undefined ? [] : [`Content-Type: ${type}`]),
        '',
        '',
      ].join('\r\n'),
    ),
    Buffer.from(value),
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...chunks, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}
