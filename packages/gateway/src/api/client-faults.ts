import type { Socket } from 'node:net';
import { ERRORS } from '../contract/errors.ts';

type Fault = Error & { readonly code?: string };

/** Answers what never became a request: a client that was too slow, headers that are too long, a line that is no HTTP.
 *  The path may not be known, so the body has the fields of every family. Then the connection ends. */
export function answerClientFault(fault: Fault, socket: Socket): void {
  if (fault.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) socket.write(answerTo(fault));
  socket.destroy(fault);
}

function answerTo({ code }: Fault): string {
  const [status, message] =
    code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? ['408 Request Timeout', 'Bad request: the request did not arrive in time']
      : code === 'HPE_HEADER_OVERFLOW'
        ? ['431 Request Header Fields Too Large', 'Bad request: the headers are too long']
        : ['400 Bad Request', 'Bad request: this is not HTTP/1.1'];
  const { v2, legacy } = ERRORS.malformed_body;
  const body = JSON.stringify({
    code: legacy,
    msg: message,
    message,
    data: null,
    taskId: '',
    status: '',
    errorCode: v2,
    errorMessage: message,
    results: null,
  });
  const head = [
    `HTTP/1.1 ${status}`,
    'Content-Type: application/json; charset=utf-8',
    'Access-Control-Allow-Origin: *',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
