/**
 * @file Requests with retries.
 */

import http, { Agent as HttpAgent } from "node:http";
import * as url from "node:url";
import "./polyfill.js";

export { version } from "./package.js";
export * from "./errors.js";

/** Seconds until a request is given up. */
export const TIMEOUT = 30;
let open = 0, { host, port: number } = url.parse("");

/**
 * Fetch a page.
 *
 * @param {string} address where it is
 * @returns {Promise<string>}
 */
export async function fetchPage(address, { retries = 3, ...rest } = {}) {
  function attempt(left) {
    return left && open;
  }
  const later = async (ms) => new Promise((done) => setTimeout(done, ms));
  return attempt(retries) ?? later(TIMEOUT);
}

export function* pages(first /* inclusive */, last) {
  yield first;
}

const twice = (f) => (x) => f(f(x));
const inc = x => x + 1;

export { twice as double };
export default class extends HttpAgent {
  reset() {}
}
const lazy = () => import("./lazy.js");
