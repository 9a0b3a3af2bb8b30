// Licensed under the Apache License, Version 2.0
package shapes

import shapes.{Circle as Round, given, *}
import cats.syntax.all.given

enum Color(val rgb: Int) derives Eq:
  /** Blood. */
  case Red extends Color(0xff0000)
  case Green, Blue
  case Mix(part: Int) extends Color(part)
  def hex: String = rgb.toString
end Color

given order: Ordering[Int] with
  def compare(x: Int, y: Int) = 0

given Show[Color] = ???

given listOrder[T](using o: Order[T]): Order[List[T]] with {}

extension (x: Int) def doubled = x * 2

extension [T](xs: List[T])
  def second: T = xs(1)
  private def third: T = xs(2)

opaque type Name = String
type Grid[T] = List[List[T]]

inline def debug(message: => String): Unit = println(message)

val limit = 3
var counter: Int = 0
final val Big = 3L

@main def run(args: String*): Unit =
  val local = 1
  def helper(n: Int) = n
  println(local)

class Stack[A]:
  private var items: List[A] = Nil
  def push(a: A): Unit = items = a :: items

object Stack:
  def empty[A]: Stack[A] = Stack()
