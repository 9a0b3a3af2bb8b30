const path = require("path");

/** Draws on a canvas. */
class Painter {
  #canvas;
  static create() { return new Painter(); }
  draw(scene) { return path.join(scene.name, "x"); }
}

module.exports = { draw: (scene) => Painter.create().draw(scene) };
