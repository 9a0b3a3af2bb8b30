package org.lumen

/** Shows what [Lumen] renders. */
class View(val width: Int) {
    fun show(title: String = "") = println(title)
}
