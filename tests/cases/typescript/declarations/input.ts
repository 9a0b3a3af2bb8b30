import type { Reader } from "./reader";
import { type Options, parse as parseText } from "./parse";
import legacy = require("legacy");

/** What has an area. */
export interface Shape<T = number> extends Named, Base<T> {
  readonly area: T;
  label?: string;
  scale(by: number): Shape<T>;
  new (side: T): Shape<T>;
  [key: string]: unknown;
}

export type Visitor<R> = (shape: Shape) => R;
type Union =
  | "first"
  | "second";

export enum Color {
  Red,
  /** As grass. */
  Green = "green",
}
const enum Flag { On = 1 << 0 }

export namespace Geometry.Plane {
  export const unit = 1;
  export function area(shape: Shape): number { return shape.area * unit; }
}

export function load(path: string): Shape;
export function load(path: string, options: Options): Shape[];
export function load(path: string, options?: Options): any {
  return parseText(path);
}

export const identity = <T,>(value: T): T => value;
export default load;
export type { Reader as ShapeReader };
