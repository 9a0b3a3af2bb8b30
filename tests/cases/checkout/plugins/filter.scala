package lumen

/** Blurs a picture. */
trait Filter {
  def apply(radius: Int): Unit
}
