package broken

object Before {
  def fine(a: Int): Int = a
}

class Half(a: Int {
  def lost = {

object After {
  val x = 1
  def text: String = "x"
}
