import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between a client and a server, and can cut the line at a word. */
export type CuttingProxy = {
  readonly port: number;
  /** Cuts the connection on which this side says `word` next; the other side does not hear it. */
  cutAt(side: 'client' | 'server', word: string): void;
  close(): Promise<void>;
};

export async function startCuttingProxy(target: { host: string; port: number }): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let cut: { side: 'client' | 'server'; word: string } | undefined;
  const server = createServer((client) => {
    const upstream = connect(target);
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      // A reset is what these tests are about.
      socket.on('error', end);
      socket.on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    const pass = (side: 'client' | 'server', data: Buffer, to: Socket) => {
      if (cut?.side !== side || !data.includes(cut.word)) return to.write(data);
      cut = undefined;
      return end();
    };
    client.on('data', (data) => pass('client', data, upstream));
    upstream.on('data', (data) => pass('server', data, client));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port, // It listens on TCP.
    cutAt(side, word) {
      cut = { side, word };
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
