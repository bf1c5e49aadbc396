import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * The network between one person and the server: a TCP proxy that can be cut, as a closed laptop or a lost Wi-Fi cuts
 * it. (A browser that is set offline keeps its open connections.)
 */
export class NetworkLink {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private isCut = false;
  private silent = false;

  private constructor(private readonly target: number) {
    this.server = createServer(client => this.accept(client));
  }

  static async to(target: number): Promise<NetworkLink> {
    const link = new NetworkLink(target);
    link.server.listen(0, '127.0.0.1');
    await once(link.server, 'listening');
    return link;
  }

  get port(): number {
    const address = this.server.address();
    if (typeof address !== 'object' || address === null) throw new Error('The link is closed.');
    return address.port;
  }

  /** Breaks every connection and refuses new ones. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  /** Lets connections stand but carries nothing: what a sleeping machine looks like from the other end. */
  freeze(): void {
    this.silent = true;
    for (const socket of this.sockets) socket.pause();
  }

  restore(): void {
    this.isCut = false;
    this.silent = false;
    for (const socket of this.sockets) socket.resume();
  }

  async close(): Promise<void> {
    this.cut();
    const closed = once(this.server, 'close');
    this.server.close();
    await closed;
  }

  private accept(client: Socket): void {
    if (this.isCut) {
      client.destroy();
      return;
    }
    const upstream = connect({ port: this.target, host: '127.0.0.1' });
    const pair: readonly [Socket, Socket][] = [
      [client, upstream],
      [upstream, client]
    ];
    for (const [from, to] of pair) {
      this.sockets.add(from);
      from.setNoDelay(true);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
      if (this.silent) from.pause();
    }
  }
}
