import { draw } from "./draw";

/** What a view can show. */
export interface Scene {
  lights: number;
  name?: string;
}

/**
 * Shows a scene.
 * @param scene what to show
 */
export function show(scene: Scene): void {
  draw(scene);
}
