package org.example

/** The second element. */
val <T> List<T>.second: T
    get() = this[1]

infix fun Int.pow(exponent: Int): Int = 1

@Suppress("UNCHECKED_CAST")
inline fun <reified T> Iterable<*>.only(crossinline test: (T) -> Boolean): List<T> where T : Any {
    return filterIsInstance<T>().filter { test(it) }
}

operator fun Point.plus(other: Point) = Point(x + other.x)

private tailrec fun `find it`(n: Int): Int = if (n == 0) n else `find it`(n - 1)

val handler = object : Handler() {
    override fun handle() {}
}

val (first, rest) = split()
val twice = { x: Int -> 2 * x }
expect fun platform(): String
