/// <reference types="node" />

declare module "queue" {
  import { EventEmitter } from "events";

  /** How many wait. */
  export const size: number;
  export function push<T>(item: T, ...rest: T[]): void;
  class Queue extends EventEmitter {
    constructor(limit: number);
    drain(): Promise<void>;
  }
  export = Queue;
}

declare global {
  interface Window {
    queue: string[];
  }
  var started: boolean;
}

declare function tick(): void;
declare const VERSION: string, BUILD: number;
export declare class Clock {
  static now(): number;
}
declare enum Mode { Fast, Slow }
