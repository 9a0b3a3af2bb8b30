/*
 * Copyright (c) 2020 Someone. Released under the MIT license.
 */
(function (root, factory) {
  root.Shapes = factory();
})(this, function () {
  // Points of the plane.
  class Point {
    static origin = new Point(0, 0);
    #x = 0;
    static #count = 0;

    constructor(x, y) {
      this.#x = x;
    }

    /** The distance from the origin. */
    get length() {
      return Math.hypot(this.#x);
    }

    set length(value) {}
    static async from(text) {}
    *[Symbol.iterator]() {}
    "quoted name"() {}
    onClick = (event) => event.x;
    #hidden() {}
  }

  function area(shape) {
    var local = 1;
    return local;
  }

  var Square = class extends Point {};
  return { Point: Point, area: area, later: function () {} };
});
