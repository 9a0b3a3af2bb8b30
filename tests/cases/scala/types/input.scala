package com.example
package shapes

import scala.collection.{immutable, Map => Dict, _}
import java.util.UUID, math._

/** A shape.
  *
  * @tparam T of what
  */
@deprecated("use Form", "1.0") @SerialVersionUID(1L)
sealed abstract class Shape[+T <: Unit](private val id: Int, val name: String = "x")(implicit ec: Executor)
    extends Base[T](1) with Drawable with Ordered[Int] {
  val x: Int = 3
  private[this] var y = 4
  lazy val (left, right) = (1, 2)
  val m, n = 3
  /** Draws it. */
  protected def draw[U](a: Int)(implicit b: C): Unit = {
    def inner = 3
    val z = 3
  }
  def this(id: Int) = this(id, "")
  type Canvas = Int
  type Later <: Foo
  def +(other: Int): Int = 3
  val declared: Int
  class Nested
  override def toString: String = "x"
}

final case class Point(x: Int, y: Int) extends Shape[Int](1)
case object Nothing

object Shape {
  val Limit = 10
  def main(args: Array[String]): Unit = {}
  def apply(
      id: Int, // first
      name: String
  ): Shape = ???
}

trait Drawable { self: Shape[_] =>
  def area(unit: Int): Int
  var width: Int
}

package object helpers {
  implicit class Ops(x: Int) { def twice = x * 2 }
  implicit val ordering: Int = 3
}
