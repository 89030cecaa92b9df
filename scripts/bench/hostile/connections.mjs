import { connect } from 'node:net';

/** Opens the raw sockets of hostile clients and closes them after the attack. */
export class Connections {
  #port;
  /** @type {Set<import('node:net').Socket>} */
  #open = new Set();

  /** @param {string} address `http://127.0.0.1:PORT` */
  constructor(address) {
    this.#port = Number(new URL(address).port);
  }

  /**
   * Opens a connection. It is paused: it reads nothing until `resume`.
   * @param {{ onread?: import('node:net').OnReadOpts }} [options]
   */
  open(options = {}) {
    const socket = connect({ host: '127.0.0.1', port: this.#port, ...options });
    socket.pause();
    // The server may close the connection at any time. The clients listen for 'close', which follows.
    socket.on('error', () => undefined);
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
    return socket;
  }

  /** Closes all open connections. */
  closeAll() {
    for (const socket of this.#open) socket.destroy();
  }
}

/**
 * Waits until the socket accepts more data or is closed.
 * @param {import('node:net').Socket} socket
 * @returns {Promise<void>} never rejects: a closed connection is expected in an attack
 */
export function drained(socket) {
  return new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.on('drain', done);
    socket.on('close', done);
  });
}

/** Returns the value of the `Host` header for an address. */
export function hostOf(/** @type {string} */ address) {
  return new URL(address).host;
}

/**
 * Returns the status of an HTTP answer from its first bytes; undefined if they are not an HTTP answer.
 * @param {string} text
 */
export function statusIn(text) {
  const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
  return status === undefined ? undefined : Number(status);
}
