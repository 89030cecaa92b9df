import { connect } from 'node:net';

/** Opens the raw sockets of hostile clients and knows them all, so that none outlives its attack. */
export class Connections {
  #port;
  /** @type {Set<import('node:net').Socket>} */
  #open = new Set();

  /** @param {string} address `http://127.0.0.1:PORT` */
  constructor(address) {
    this.#port = Number(new URL(address).port);
  }

  /**
   * Opens a connection that reads nothing unless it is told to.
   * @param {{ onread?: import('node:net').OnReadOpts }} [options]
   */
  open(options = {}) {
    const socket = connect({ host: '127.0.0.1', port: this.#port, ...options });
    socket.pause();
    // The server may cut a hostile client at any time; 'close' follows, which the clients look at.
    socket.on('error', () => undefined);
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
    return socket;
  }

  /** Closes all connections that are still open. */
  closeAll() {
    for (const socket of this.#open) socket.destroy();
  }
}

/**
 * Waits until the socket takes more, or has closed.
 * @param {import('node:net').Socket} socket
 * @returns {Promise<void>} it never rejects: being cut is no failure of a hostile client
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

/** The value of a `Host` header for the address. */
export function hostOf(/** @type {string} */ address) {
  return new URL(address).host;
}

/**
 * The status of an HTTP answer from its first bytes; undefined when they are none.
 * @param {string} text
 */
export function statusIn(text) {
  const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
  return status === undefined ? undefined : Number(status);
}
