import { connect } from 'node:net';

export type RawAnswer = { status: number; head: string; body: string; bytesSent: number };

/** Speaks over a bare socket, so that a test decides every byte and every pause.
 *  @returns what the server said until it closed the connection */
export function talk(
  port: number,
  say: (send: (bytes: string | Buffer) => boolean, drained: () => Promise<void>) => Promise<void> | void,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    // The server may cut a sender off; what it said before is the answer.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      const [head = '', body = ''] = Buffer.concat(chunks).toString('utf8').split('\r\n\r\n', 2);
      resolve({ status: Number(head.split(' ')[1]), head, body, bytesSent: socket.bytesWritten });
    });
    socket.on('connect', () => {
      const drained = () =>
        new Promise<void>((done) => {
          socket.once('drain', done);
          socket.once('close', () => done());
        });
      Promise.resolve(say((bytes) => socket.writable && socket.write(bytes), drained)).catch(reject);
    });
  });
}
